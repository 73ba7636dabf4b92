import { worstOutcome } from '../../reports/data/worst-outcome.ts';
import type { RunOutcome } from '../run/record.ts';

/** What a run's outcome means for the shell. */
export const exitCodes: Readonly<Record<RunOutcome, number>> = {
  'as-expected': 0,
  unexpected: 1,
  'lab-failed': 3,
  inconclusive: 4,
};

/** The exit code of several runs: the worst one's. Without any run nothing was claimed: 0. */
export function exitCodeOf(outcomes: readonly RunOutcome[]): number {
  const worst = worstOutcome(outcomes);
  return worst === undefined ? 0 : exitCodes[worst];
}
