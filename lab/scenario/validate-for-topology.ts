import { UsageError } from '../common/errors.ts';
import { validateSchedule } from '../nemesis/validate-schedule.ts';
import { systemsIn } from '../topology/systems-in.ts';
import { validateForSystem } from '../workload/validate-for-system.ts';
import { worldOf } from './planned-world.ts';
import type { Experiment } from './scenario.ts';

/** Checkers that have nothing to look at without a cluster. */
const OF_CLUSTERS = ['slot-coverage', 'redirects'];

/**
 * Refuses what the experiment's topology has nothing for: faults whose targets nobody is, orders, checks and options of
 * another kind of system. Throws UsageError.
 */
export function validateForTopology(experiment: Experiment): void {
  const { topology, workloads, nemesis, checks } = experiment;
  const plan = topology.plan();
  const systems = systemsIn(plan);
  for (const [index, workload] of workloads.entries()) {
    if (workload.kind === 'load' || systems[0] === undefined) continue;
    validateForSystem(workload, systems[0].kind, `workloads[${index}]`);
  }
  for (const [index, { checker }] of checks.entries()) {
    if (!OF_CLUSTERS.includes(checker) || systems.some(({ kind }) => kind === 'cluster')) continue;
    throw new UsageError(
      `checks[${index}]: ${checker}: expected a cluster (topology: cluster()), got ${plan.text}`,
    );
  }
  validateSchedule(nemesis, worldOf(experiment));
}
