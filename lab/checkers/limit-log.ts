import type { History, Operation } from '../history/operation.ts';

/** Who decided: the first is 0 in a code, and so on. */
export const deciders = ['redis', 'local', 'open', 'closed'] as const;
export type Decider = (typeof deciders)[number];

/** What was decided about one key, in order of decision; times in µs since the run's start. */
export interface KeyLog {
  key: string;
  /** Time × 4 + decider of each admission: sorted by time, without objects. */
  admitted: number[];
  /** Times of what Redis refused. */
  refused: number[];
  /** What Redis may have counted, though nobody can tell: from … to. */
  from: number[];
  to: number[];
}

/** Everything about one policy. */
export interface LimitLog {
  keys: Map<string, KeyLog>;
  admitted: Record<Decider, number>;
  refused: Record<Decider, number>;
  info: number;
  /** Milliseconds at which somebody else than Redis decided. */
  awayMs: Record<Exclude<Decider, 'redis'>, number[]>;
}

/**
 * Reads the `admit` operations of a policy. Whatever Redis did not certainly decide may have been counted by it all
 * the same, at any time from the request to `graceMs` after its end: outcomes that nobody knows, and requests that the
 * application decided itself after Redis had not answered.
 */
export function readLimitLog(
  history: History,
  { policy, group, graceMs }: { policy: string; group: string | undefined; graceMs: number },
): LimitLog {
  const members = history.clients.filter((one) => group === undefined || one.group === group);
  const clients = new Set(members.map((one) => one.name));
  const prefix = `${policy}/`;
  const everywhere = members.length === history.clients.length;
  const byKey = new Map<string, KeyLog | null>();
  const none = () => ({ redis: 0, local: 0, open: 0, closed: 0 });
  const log = { admitted: none(), refused: none(), info: 0, awayMs: { local: [], open: [], closed: [] } };
  const limitLog: LimitLog = { keys: new Map(), ...log };

  for (const operation of history.operations) {
    const { f, key } = operation;
    if (f !== 'admit' || !(everywhere || clients.has(operation.client))) continue;
    let one = byKey.get(key);
    if (one === undefined) {
      one = key.startsWith(prefix) ? { key, admitted: [], refused: [], from: [], to: [] } : null;
      byKey.set(key, one);
      if (one !== null) limitLog.keys.set(key, one);
    }
    if (one !== null) take(limitLog, one, operation, graceMs);
  }
  return limitLog;
}

function take(log: LimitLog, one: KeyLog, operation: Operation, graceMs: number): void {
  const { outcome, error, invoked, completed } = operation;
  const mayCount = () => {
    one.from.push(invoked * 1000);
    one.to.push((completed + graceMs) * 1000);
  };
  if (outcome === 'info') {
    log.info++;
    mayCount();
    return;
  }
  if (outcome === 'fail' && error !== 'http 429' && error?.startsWith('http 429 ') !== true) return;
  const by = deciderOf(error);
  const at = decidedAt(operation);
  if (outcome === 'ok') {
    log.admitted[by]++;
    one.admitted.push(at * 4 + deciders.indexOf(by));
  } else {
    log.refused[by]++;
    if (by === 'redis') one.refused.push(at);
  }
  if (by === 'redis') return;
  log.awayMs[by].push(completed);
  mayCount();
}

/** Clocks that are right differ by less; one that tells of a time outside of the request by more lies. */
const MOST_SKEW_MS = 1000;

/** When it was decided, in µs: as the decider's clock has it where that can be, else when the answer came. */
function decidedAt({ value, invoked, completed }: Operation): number {
  const canBe =
    value !== null && value / 1000 >= invoked - MOST_SKEW_MS && value / 1000 <= completed + MOST_SKEW_MS;
  return canBe ? value : Math.round(completed * 1000);
}

function deciderOf(error: string | null): Decider {
  if (error === null || error === 'http 429') return 'redis';
  return deciders.find((by) => by !== 'redis' && error.endsWith(`by ${by}`)) ?? 'redis';
}
