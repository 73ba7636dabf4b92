import { addToSet, at, checks, cluster, defineScenario, faults, promotion, schedule } from 'failover-lab';
import { replacedWithinMs, suspectedAfterMs, suspectedWithinMs } from './bounds.ts';
import { failing } from './conditions.ts';
import { following } from './following.ts';

/** Between the first log line that declares a node failing and everybody's knowledge, on a busy machine. */
const TOLD_MS = 500;

export default defineScenario({
  name: 'beside-its-replica',
  title: 'A primary and its own replica on one host',
  claim:
    'When a host dies that has a primary and the replica of this very primary, nobody can take its place: the death is noticed, no replica is left, and by default the whole cluster stops.',
  variants: {
    vulnerable: 'redis-4, the replica of redis-1, is on the host of redis-1.',
    hardened: 'No host has two nodes of a shard.',
  },
  advice:
    'Put a primary and its replicas on different hosts, racks or zones, and check it as things are (CLUSTER NODES), not as they were planned: redis-cli --cluster create knows addresses, not racks or the hosts below containers. One replica more for some primary (cluster-migration-barrier) helps only while the shard’s own primary still lives. The price: a second host for each shard.',
  settings: [{ name: 'host of redis-1’s replica', vulnerable: 'host-1, as redis-1', hardened: 'host-4' }],
  compare: [
    { check: 'recovery', figure: 'failovers', label: 'promotions', unit: '' },
    {
      check: 'slot-coverage',
      figure: 'longestUncoveredMs',
      label: 'slots without service',
      unit: 'ms',
    },
  ],
  experiment({ hardened, timing }) {
    const { nodeTimeoutMs } = timing;
    // An election would begin within a second. When the host is back its replica may try one, which is another matter.
    const watchedMs = 2 * nodeTimeoutMs;
    const line = at(100).inject(faults.crashHost('host:host-1'));
    return {
      topology: cluster({
        redis: { appendonly: 'yes' },
        ...(hardened ? {} : { placement: { 'redis-4': 'host-1' } }),
      }),
      workloads: [addToSet({ name: 'writers', clients: 8, keys: 12, pauseMs: 20, redis: following })],
      nemesis: schedule(
        hardened
          ? line.once(promotion, { withinMs: replacedWithinMs(nodeTimeoutMs) }).then(500)
          : line.once(failing('redis-1'), { withinMs: 2 * suspectedWithinMs(nodeTimeoutMs) }).then(watchedMs),
      ),
      load: { afterMs: hardened ? 1000 : 300 },
      checks: [
        checks.recovery(hardened ? { mustRecoverWithinMs: replacedWithinMs(nodeTimeoutMs) } : {}),
        checks.slotCoverage(),
        checks.availability(),
        checks.vacuity({ minimumRatePerSecond: 20, minimumWritesInWindow: 0, minimumAttemptsInWindow: 10 }),
      ],
      expect: hardened
        ? [
            {
              check: 'recovery',
              verdict: 'valid',
              figures: { failovers: { min: 1, max: 1 } },
              because: 'its replica is on another host, and two of three primaries vote for it',
            },
          ]
        : [
            {
              check: 'recovery',
              verdict: 'any',
              figures: { failMs: { min: 0 } },
              because:
                'two of three primaries are a majority and declare it failing: noticing is not what is missing',
            },
            {
              check: 'slot-coverage',
              verdict: 'any',
              figures: {
                lowestCoveredShare: { max: 0 },
                'longestUncoveredMsByShard.redis-1': { min: suspectedAfterMs(nodeTimeoutMs) + watchedMs },
                'longestUncoveredMsByShard.redis-2': { min: watchedMs - TOLD_MS },
              },
              because: `only a replica of its own may ask for votes, so its slots are away until the host is back; cluster-require-full-coverage is yes by default, so the others’ are too from its declaration on, for as long as it is watched (2 node timeouts, ${watchedMs} ms)`,
            },
          ],
    };
  },
});
