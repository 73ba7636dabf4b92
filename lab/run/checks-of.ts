import type { CheckSpec } from '../checkers/checker.ts';
import type { RunContext } from './context.ts';

/** What is checked of a run: what its scenario says, and at another speed than real time's whether the machine kept up. */
export function checksOf({ experiment, job, timing }: RunContext): readonly CheckSpec[] {
  if (job.speed === 1) return experiment.checks;
  const isCluster = experiment.topology.plan().nodes.every(({ kind }) => kind === 'redis');
  const decidingMs = isCluster ? timing.nodeTimeoutMs : timing.downAfterMs;
  return [...experiment.checks, { checker: 'pace', options: { decidingMs } }];
}
