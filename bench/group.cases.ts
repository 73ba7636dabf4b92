import { once } from 'node:events';
import { monotonicMs } from '../lab/common/clock.ts';
import { LabError } from '../lab/common/errors.ts';
import { faults } from '../lab/faults/faults.ts';
import type { Case } from '../lab/hosts/test-cases.ts';
import { cluster } from '../lab/topology/cluster.ts';
import { testGroup } from '../lab/topology/test-group.ts';

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

  /** A cluster of 3 primaries with a replica each: likewise. */
  'cluster stands': async (context) => {
    const group = await testGroup(context, cluster());
    console.log('ready');
    await once(process.stdin, 'data');
    await group.close();
  },

  /** A cluster of 15 primaries with a replica each: likewise. */
  'large cluster stands': async (context) => {
    const group = await testGroup(context, cluster({ primaries: 15 }));
    console.log('ready');
    await once(process.stdin, 'data');
    await group.close();
  },

  /** Isolates the primary again and again, and prints the milliseconds that each took. */
  'is partitioned': async (context) => {
    const group = await testGroup(context);
    for (let i = 0; i < PARTITIONS; i++) {
      const startedAt = monotonicMs();
      const injected = await faults.isolate('primary').inject(group.surface);
      console.log(String(monotonicMs() - startedAt));
      if (!injected.proof.proved) throw new LabError(`not proved: ${injected.proof.text}`);
      const healed = await injected.heal();
      if (!healed.proved) throw new LabError(`not healed: ${healed.text}`);
      await group.topology.settled(12_000);
    }
    console.log('done');
    await once(process.stdin, 'data');
    await group.close();
  },
};
