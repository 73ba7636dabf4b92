import { once } from 'node:events';
import { monotonicMs } from '../lab/common/clock.ts';
import { LabError } from '../lab/common/errors.ts';
import { faults } from '../lab/faults/faults.ts';
import type { Target } from '../lab/faults/target.ts';
import type { Case, CaseContext } from '../lab/hosts/test-cases.ts';
import { cluster } from '../lab/topology/cluster.ts';
import { sentinel } from '../lab/topology/sentinel.ts';
import { testGroup } from '../lab/topology/test-group.ts';
import { TIMINGS } from '../lab/topology/timing.ts';
import type { Topology } from '../lab/topology/topology.ts';

/** Primaries, each with a replica, of the clusters that are measured. */
const CLUSTER_SIZES = [3, 5, 10, 15] as const;
const LARGEST = 15;
/** How often the partition is made in one group. */
const PARTITIONS = 11;

export const cases: Readonly<Record<string, Case>> = {
  /** 1 primary, 2 replicas and 3 Sentinels with the full mesh: says when it is ready, and ends when told to. */
  stands: async (context) => {
    const group = await testGroup(context);
    console.log('ready');
    await once(process.stdin, 'data');
    await group.close();
  },

  ...Object.fromEntries(
    CLUSTER_SIZES.map((primaries): [string, Case] => [
      `cluster of ${primaries} primaries stands`,
      async (context) => {
        const group = await testGroup(context, cluster({ primaries }));
        console.log('ready');
        await once(process.stdin, 'data');
        await group.close();
      },
    ]),
  ),

  /** Isolates the primary again and again, and prints the milliseconds that each took. */
  'is partitioned': (context) => partitions(context, sentinel(), 'primary'),

  /** The same in the largest cluster, with Redis' default node timeout: at a second, 30 nodes' pings alone keep two cores busy. */
  'large cluster is partitioned': (context) =>
    partitions(
      context,
      cluster({ primaries: LARGEST, timing: { nodeTimeoutMs: TIMINGS.production.nodeTimeoutMs } }),
      'node:redis-1',
    ),
};

async function partitions(context: CaseContext, topology: Topology, target: Target): Promise<void> {
  const group = await testGroup(context, topology);
  for (let i = 0; i < PARTITIONS; i++) {
    const startedAt = monotonicMs();
    const injected = await faults.isolate(target).inject(group.surface);
    console.log(String(monotonicMs() - startedAt));
    if (!injected.proof.proved) throw new LabError(`not proved: ${injected.proof.text}`);
    const healed = await injected.heal();
    if (!healed.proved) throw new LabError(`not healed: ${healed.text}`);
    await group.topology.settled(30_000);
  }
  console.log('done');
  await once(process.stdin, 'data');
  await group.close();
}
