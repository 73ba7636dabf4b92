import type { CheckSpec } from '../checkers/checker.ts';
import type { RunContext } from './context.ts';

/**
 * What is checked of a run: what its scenario says, and at another speed than real time's whether the machine kept up, as
 * strictly as its scenario says or else as the shortest silence that decides needs.
 */
export function checksOf({ experiment, job, timing }: RunContext): readonly CheckSpec[] {
  const own = experiment.checks.filter(({ checker }) => checker !== 'pace');
  if (job.speed === 1) return own;
  const asked = experiment.checks.filter(({ checker }) => checker === 'pace');
  if (asked.length > 0) return experiment.checks;
  const decidingMs = experiment.topology.decidingMs?.(timing) ?? timing.downAfterMs;
  return [...own, { checker: 'pace', options: { decidingMs } }];
}
