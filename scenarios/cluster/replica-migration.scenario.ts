import {
  addToSet,
  at,
  type Condition,
  checks,
  cluster,
  defineScenario,
  faults,
  promotion,
  schedule,
} from 'failover-lab';
import { replacedWithinMs, suspectedAfterMs, suspectedWithinMs } from './bounds.ts';
import { failing } from './conditions.ts';
import { following } from './following.ts';

/** A primary is left without replica for so long before another one's goes to it (cluster.h, CLUSTER_SLAVE_MIGRATION_DELAY). */
const MIGRATION_DELAY_MS = 5000;

/** The primary that was left without replica has one that follows it. */
const replaced: Condition = {
  text: 'redis-2 has a replica again',
  seen: ({ kind, source }) => kind === 'replica-online' && source === 'redis-2',
};

export default defineScenario({
  name: 'replica-migration',
  title: 'One spare replica for all shards',
  claim:
    'One replica too many anywhere protects every shard of a cluster: when a shard has lost its only replica the spare one goes to it, and the death of its primary too is survived. Without that the shard is gone.',
  variants: {
    vulnerable: 'Replicas stay where they are: cluster-allow-replica-migration no.',
    hardened: 'As installed: a primary that has two replicas gives one to a primary that has lost its last.',
  },
  advice:
    'Run a replica or two more than there are primaries and leave cluster-allow-replica-migration on; cluster-migration-barrier (default 1) says how many replicas a primary keeps, so raise it only together with the number of replicas. Where something else places replicas (an operator, a deployment tool) and migration is off, it has to replace a dead one as quickly. The price: one machine more, a full copy over the network at the worst moment, and replicas that end up on hosts nobody chose, perhaps beside their own primary.',
  settings: [{ name: 'cluster-allow-replica-migration', vulnerable: 'no', hardened: 'yes (default)' }],
  compare: [
    { check: 'recovery', figure: 'failovers', label: 'promotions', unit: '' },
    { check: 'slot-coverage', figure: 'longestUncoveredMs', label: 'slots without service', unit: 'ms' },
  ],
  experiment({ hardened, timing }) {
    const { nodeTimeoutMs } = timing;
    const withinMs = replacedWithinMs(nodeTimeoutMs);
    // An election would begin within a second.
    const watchedMs = 1250;
    const replicaDies = at(100).inject(faults.kill('replicas of node redis-2'));
    const noticed = { withinMs: 2 * suspectedWithinMs(nodeTimeoutMs) };
    return {
      topology: cluster({
        spareReplicas: 1,
        redis: {
          // The other shards go on: only what happens to one is the matter here.
          'cluster-require-full-coverage': 'no',
          ...(hardened ? {} : { 'cluster-allow-replica-migration': 'no' }),
        },
      }),
      workloads: [addToSet({ name: 'writers', clients: 6, keys: 12, pauseMs: 20, redis: following })],
      nemesis: schedule(
        hardened
          ? replicaDies
              .once(replaced, { withinMs: 4 * MIGRATION_DELAY_MS + 2 * suspectedWithinMs(nodeTimeoutMs) })
              .inject(faults.kill('node:redis-2'))
              .once(promotion, { withinMs })
              .then(300)
          : replicaDies
              .once(failing('redis-5'), noticed)
              // Longer than it takes where it is allowed.
              .then(MIGRATION_DELAY_MS + 250)
              .inject(faults.kill('node:redis-2'))
              .once(failing('redis-2'), noticed)
              .then(watchedMs),
      ),
      load: { beforeMs: 150, afterMs: 250 },
      // What becomes of the dead when they are back is not the matter.
      settleWithinMs: 250,
      checks: [
        checks.recovery({ fault: 'kill-2', ...(hardened ? { mustRecoverWithinMs: withinMs } : {}) }),
        checks.slotCoverage(),
        checks.vacuity({ minimumRatePerSecond: 20, minimumWritesInWindow: 50 }),
      ],
      expect: hardened
        ? [
            {
              check: 'recovery',
              verdict: 'valid',
              figures: { failovers: { min: 1, max: 1 } },
              because: 'the replica that had come from elsewhere is its own by then, and is elected',
            },
          ]
        : [
            {
              check: 'recovery',
              verdict: 'any',
              figures: { failovers: { max: 0 }, failMs: { min: 0 } },
              because: 'four replicas live, and none of them is one of its own',
            },
            {
              check: 'slot-coverage',
              verdict: 'any',
              figures: {
                'longestUncoveredMsByShard.redis-2': { min: suspectedAfterMs(nodeTimeoutMs) + watchedMs },
              },
              because: `its slots are away for as long as it is watched after its declaration (${watchedMs} ms)`,
            },
          ],
    };
  },
});
