import type { RunOutcome } from '../run/record.ts';

/** What a run's outcome means for the shell. */
export const exitCodes: Readonly<Record<RunOutcome, number>> = {
  'as-expected': 0,
  unexpected: 1,
  'lab-failed': 3,
  inconclusive: 4,
};

/** From the worst on. */
const bySeverity: readonly RunOutcome[] = ['lab-failed', 'unexpected', 'inconclusive', 'as-expected'];

/** The exit code of several runs: the worst one's. Without any run nothing was claimed: 0. */
export function exitCodeOf(outcomes: readonly RunOutcome[]): number {
  const worst = bySeverity.find((outcome) => outcomes.includes(outcome));
  return worst === undefined ? 0 : exitCodes[worst];
}
