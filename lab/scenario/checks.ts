import type { CheckSpec } from '../checkers/checker.ts';

/** Common to all: a name of its own, by which expectations refer to the check. Default: the checker's name. */
interface Named {
  name?: string;
}

/** Which operations: those of one workload (its name), or those on some keys. Default: all that the checker understands. */
interface Scope extends Named {
  group?: string;
}

const spec =
  <O extends object>(checker: string) =>
  (options: O = {} as O): CheckSpec => ({ checker, options: { ...options } });

/** What can be checked: one factory for each checker, as data that a run folder keeps. */
export const checks = {
  /** No acknowledged add is lost, nothing unexpected is there; every lost id is attributed to a cause. */
  set: spec<Scope & { keys?: readonly string[] }>('set'),
  /** Reads of versioned registers: not stale, never going back, own writes seen. */
  register: spec<Scope & { keys?: readonly string[]; properties?: readonly string[] }>('register'),
  /** Counters: acknowledged ≤ final ≤ attempted. */
  counter: spec<Scope & { keys?: readonly string[] }>('counter'),
  /** The steps from a fault to the last client's recovery. */
  recovery: spec<Named & { fault?: string; mustRecoverWithinMs?: number; mustNotFailOver?: boolean }>(
    'recovery',
  ),
  /** Outages as clients saw them. */
  availability: spec<Scope & { maxOutageMs?: number; gapMs?: number; after?: number | string }>(
    'availability',
  ),
  /** Whether the run proves anything: faults bit, enough load, enough writes while it was broken. */
  vacuity: spec<Scope & { minimumRatePerSecond?: number; minimumWritesInWindow?: number }>('vacuity'),
} as const;
