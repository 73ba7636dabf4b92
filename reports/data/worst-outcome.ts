import type { RunOutcome } from '../../lab/run/record.ts';

/** How runs can end, from the worst on. */
export const worstFirst: readonly RunOutcome[] = ['lab-failed', 'unexpected', 'inconclusive', 'as-expected'];

/** The worst outcome of several runs; undefined of none. */
export function worstOutcome(outcomes: readonly RunOutcome[]): RunOutcome | undefined {
  return worstFirst.find((outcome) => outcomes.includes(outcome));
}
