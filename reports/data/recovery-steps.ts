import type { JudgedCheck } from '../../lab/run/record.ts';
import type { StepBound } from './recovery-bounds.ts';

/** One step of a recovery, as it was and as the settings allow it. */
export interface RecoveryStep {
  /** The recovery check's figure. */
  name: string;
  /** When it happened, from the fault's injection; null for a step that never came. */
  atMs: number | null;
  /** When what it followed happened: the step before it in the chain, or else the fault. */
  fromMs: number;
  /** Null where the settings say nothing about it, or what it follows was not seen. */
  bound: StepBound | null;
  /** How much longer it took than the settings explain. */
  excessMs: number;
  /** It came sooner than a fault alone allows: an earlier one had begun it. */
  isEarly: boolean;
}

/** What a whole chain of steps may take, and took. */
export interface RecoverySum {
  leastMs: number;
  /** Null where a step of it has no end by its settings. */
  mostMs: number | null;
  tookMs: number;
  excessMs: number;
  /** The last step that is in it. */
  until: string;
}

/** Measuring and logging are exact to a few ms. */
const inexactMs = 5;

/** The check's steps in the order in which they happened, those that never came last. */
export function recoverySteps(
  { figures }: Pick<JudgedCheck, 'figures'>,
  bounds: Readonly<Record<string, StepBound>>,
): RecoveryStep[] {
  const times = Object.entries(figures).flatMap(([name, atMs]): { name: string; atMs: number | null }[] =>
    name.endsWith('Ms') && (typeof atMs === 'number' || atMs === null) ? [{ name, atMs }] : [],
  );
  const inOrder = times.toSorted(
    (a, b) => (a.atMs ?? Number.POSITIVE_INFINITY) - (b.atMs ?? Number.POSITIVE_INFINITY),
  );
  const timeOf = (name: string) => times.find((one) => one.name === name)?.atMs ?? null;
  // An order (SENTINEL FAILOVER) goes another way than the chain from a fault, and needs no votes.
  const begins = (name: string): boolean => {
    const after = Object.hasOwn(bounds, name) ? bounds[name]?.after : undefined;
    return after === null || (after !== undefined && timeOf(after) !== null && begins(after));
  };
  return inOrder.map(({ name, atMs }, i) => {
    const bound = Object.hasOwn(bounds, name) && begins(name) ? bounds[name] : undefined;
    const followed = bound?.after == null ? 0 : (timeOf(bound.after) ?? 0);
    if (bound === undefined || (atMs !== null && followed > atMs))
      return { name, atMs, fromMs: inOrder[i - 1]?.atMs ?? 0, bound: null, excessMs: 0, isEarly: false };
    const tookMs = atMs === null ? 0 : atMs - followed;
    return {
      name,
      atMs,
      fromMs: followed,
      bound,
      excessMs: bound.mostMs === null ? 0 : Math.max(0, tookMs - bound.mostMs),
      isEarly: atMs !== null && tookMs < bound.leastMs - inexactMs,
    };
  });
}

/** From the fault to the promotion and its announcement, by the steps that follow from each other; null where that chain is broken. */
export function recoverySum(steps: readonly RecoveryStep[]): RecoverySum | null {
  const last = ['coverageMs', 'switchMs', 'promotionMs']
    .map((name) => steps.find((step) => step.name === name))
    .find((step) => step !== undefined && step.atMs !== null && step.bound !== null);
  if (last === undefined || last.atMs === null) return null;
  const sum = { leastMs: 0, mostMs: 0 as number | null, excessMs: 0 };
  for (let step: RecoveryStep | undefined = last; step !== undefined; ) {
    const { bound }: RecoveryStep = step;
    if (bound === null) return null;
    sum.leastMs += bound.leastMs;
    sum.mostMs = sum.mostMs === null || bound.mostMs === null ? null : sum.mostMs + bound.mostMs;
    sum.excessMs += step.excessMs;
    if (bound.after === null) return { ...sum, tookMs: last.atMs, until: last.name };
    step = steps.find(({ name }) => name === bound.after);
  }
  return null;
}
