import { addToSet, at, checks, cluster, defineScenario, faults, schedule } from 'failover-lab';
import { suspectedAfterMs, suspectedWithinMs } from './bounds.ts';
import { failing } from './conditions.ts';
import { following } from './following.ts';

/** What a shard that is served may be without a success: two timeouts of a client, which nothing here asks for. */
const HICCUP_MS = 1000;
/** Between the first log line that says so and everybody's knowledge, on a busy machine. */
const TOLD_MS = 500;

export default defineScenario({
  name: 'slot-loss',
  title: 'A primary and its replica die',
  claim:
    'When one shard of a cluster is gone, by default nobody is served any more, although two thirds of the keys are on healthy nodes.',
  variants: {
    vulnerable: 'As installed: a node serves nothing while any slot has no owner.',
    hardened: 'cluster-require-full-coverage no: only keys of the lost shard are refused.',
  },
  advice:
    'Decide which it shall be. Set cluster-require-full-coverage no where each key makes sense without the others (caches, sessions, limits): one lost shard costs its own users alone. The price: the application meets a store that is partly there, and has to cope. It is a matter of availability only, and no guard against split brain: a primary in a minority stops by itself after the node timeout under either value, and what it acknowledged until then is lost under either.',
  settings: [{ name: 'cluster-require-full-coverage', vulnerable: 'yes (default)', hardened: 'no' }],
  compare: [
    {
      check: 'slot-coverage',
      figure: 'lowestCoveredShare',
      label: 'slots served, at the least',
      unit: '',
    },
    { check: 'healthy-shards', figure: 'overallLongestOutageMs', label: 'healthy shards away', unit: 'ms' },
    { check: 'lost-shard', figure: 'overallLongestOutageMs', label: 'lost shard away', unit: 'ms' },
  ],
  headline: true,
  experiment({ hardened, timing }) {
    const { nodeTimeoutMs } = timing;
    // So long a primary counts as failing in any case, even if it is back at once (cluster.c, clearNodeFailureIfNeeded).
    const awayMs = 2 * nodeTimeoutMs;
    const writers = { clients: 4, pauseMs: 20, redis: following };
    return {
      topology: cluster({
        redis: { appendonly: 'yes', ...(hardened ? { 'cluster-require-full-coverage': 'no' } : {}) },
      }),
      workloads: [
        addToSet({ ...writers, name: 'lost', keySlots: { ranges: [[0, 5460]] } }),
        addToSet({
          ...writers,
          name: 'healthy',
          keys: 2,
          keySlots: {
            ranges: [
              [5461, 10_922],
              [10_923, 16_383],
            ],
          },
        }),
      ],
      nemesis: schedule(
        at(100)
          .inject(faults.kill(['primary of slot 0', 'replicas of slot 0']))
          .once(failing('redis-1'), { withinMs: 2 * suspectedWithinMs(nodeTimeoutMs) })
          .then(awayMs),
      ),
      checks: [
        checks.slotCoverage(),
        checks.availability({ name: 'healthy-shards', group: 'healthy' }),
        checks.availability({ name: 'lost-shard', group: 'lost' }),
        checks.set(),
        checks.recovery(),
        checks.vacuity({ minimumRatePerSecond: 20, minimumWritesInWindow: 10 }),
      ],
      expect: [
        hardened
          ? {
              check: 'slot-coverage',
              verdict: 'any',
              figures: {
                lowestCoveredShare: { min: 0.66, max: 0.67 },
                'longestUncoveredMsByShard.redis-1': { min: suspectedAfterMs(nodeTimeoutMs) + awayMs },
                'longestOutageMsByShard.redis-2': { max: HICCUP_MS },
                'longestOutageMsByShard.redis-3': { max: HICCUP_MS },
              },
              because:
                'a node refuses keys without an owner and serves its own, as two of three primaries are a majority (clusterUpdateState, getNodeByQuery)',
            }
          : {
              check: 'slot-coverage',
              verdict: 'any',
              figures: {
                lowestCoveredShare: { max: 0 },
                'longestUncoveredMsByShard.redis-1': { min: suspectedAfterMs(nodeTimeoutMs) + awayMs },
                'longestOutageMsByShard.redis-2': { min: awayMs - TOLD_MS },
                'longestOutageMsByShard.redis-3': { min: awayMs - TOLD_MS },
              },
              because: `every node refuses everything from the moment on at which a slot’s owner is declared failing (clusterUpdateState), and that holds for two node timeouts at the least (${awayMs} ms)`,
            },
        {
          check: 'set',
          verdict: 'valid',
          because: 'both nodes come back with what they had in their append-only files',
        },
      ],
    };
  },
});
