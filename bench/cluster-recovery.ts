import path from 'node:path';
import { LabError } from '../lab/common/errors.ts';
import { TIMINGS } from '../lab/topology/timing.ts';
import type { Figure } from './figure.ts';
import { runLab } from './run-lab.ts';

const SCENARIO = path.join(import.meta.dirname, 'scenarios/crashed-shard.scenario.ts');

/**
 * How long a cluster takes to replace a crashed primary by itself, from the first suspicion until every slot is served,
 * beside what Redis specifies: the node timeout and one or two seconds ("Redis cluster specification", Availability).
 */
export async function clusterRecovery(runs = 30): Promise<Figure[]> {
  const all = await runLab([SCENARIO, '--variant', 'hardened', '--repeat', String(runs)]);
  const recoveries = all.map(({ checks, outcome, dir }) => {
    const { pfailMs, coverageMs } = checks.find(({ name }) => name === 'recovery')?.figures ?? {};
    if (typeof pfailMs !== 'number' || typeof coverageMs !== 'number')
      throw new LabError(
        `${dir}: expected a suspicion and full coverage after it, got a run that is ${outcome}`,
      );
    return { pfailMs, coverageMs };
  });
  const specified = TIMINGS.fast.nodeTimeoutMs + 2000;
  return [
    {
      name: `crashed primary, first suspicion to full coverage (specified: ${specified - 1000} to ${specified} ms)`,
      unit: 'ms',
      samples: recoveries.map(({ pfailMs, coverageMs }) => coverageMs - pfailMs),
      bar: { max: specified },
    },
    {
      name: 'the same from the crash',
      unit: 'ms',
      samples: recoveries.map(({ coverageMs }) => coverageMs),
      bar: {},
    },
  ];
}
