import { addToSet, at, checks, cluster, defineScenario, event, faults, schedule } from 'failover-lab';
import { replacedWithinMs, suspectedWithinMs } from './bounds.ts';
import { promotionOf } from './conditions.ts';
import { following } from './following.ts';

export default defineScenario({
  name: 'several-primaries-at-once',
  title: 'Two primaries die at the same moment',
  claim:
    'Three primaries survive one death at a time and not two at once, however many replicas stand by; five primaries on about as many machines survive two.',
  variants: {
    vulnerable: 'Three primaries with two replicas each: nine nodes.',
    hardened: 'Five primaries with one replica each: ten nodes.',
  },
  advice:
    'Count primaries, not replicas: only primaries vote, so what may die at once is a minority of them, one of three or two of five. For nodes that you have anyway, more primaries with fewer replicas each outlive more deaths at once. The price: with one replica a shard has none left after its failover, until the dead node is back; and when the replicas of two shards ask for votes at the same moment, one of them loses and asks again after 4 node timeouts (4 s at the least).',
  settings: [
    { name: 'primaries', vulnerable: '3', hardened: '5' },
    { name: 'replicas of each', vulnerable: '2', hardened: '1' },
  ],
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
    // An election would begin within half of a node timeout and a second.
    const watchedMs = 2.5 * nodeTimeoutMs;
    const withinMs = replacedWithinMs(nodeTimeoutMs);
    const line = at(100).inject(faults.kill(['node:redis-1', 'node:redis-2']));
    return {
      topology: cluster({
        ...(hardened ? { primaries: 5, replicas: 1 } : { primaries: 3, replicas: 2 }),
        redis: { appendonly: 'yes' },
      }),
      workloads: [addToSet({ name: 'writers', clients: 8, keys: 20, pauseMs: 20, redis: following })],
      nemesis: schedule(
        hardened
          ? line
              .once(promotionOf('redis-6'), { withinMs })
              .once(promotionOf('redis-7'), { withinMs })
              .then(500)
          : line
              .once(event('cluster-state'), { withinMs: 2 * suspectedWithinMs(nodeTimeoutMs) })
              .then(watchedMs),
      ),
      load: { beforeMs: Math.max(500, nodeTimeoutMs / 5), afterMs: hardened ? 1000 : 300 },
      checks: [
        checks.recovery(hardened ? { mustRecoverWithinMs: withinMs } : {}),
        checks.slotCoverage(),
        checks.availability(),
        checks.vacuity({ minimumRatePerSecond: 20, minimumWritesInWindow: 0, minimumAttemptsInWindow: 10 }),
      ],
      expect: hardened
        ? [
            {
              check: 'recovery',
              verdict: 'valid',
              figures: { failovers: { min: 2, max: 2 } },
              because:
                'three of five primaries vote for both replicas; one that loses because both ask at the same moment asks again',
            },
          ]
        : [
            {
              check: 'recovery',
              verdict: 'any',
              figures: { failovers: { max: 0 }, failoverAttempts: { max: 0 } },
              because: 'one of three primaries is no majority, and four live replicas have no vote',
            },
            {
              check: 'slot-coverage',
              verdict: 'any',
              figures: { lowestCoveredShare: { max: 0 }, longestUncoveredMs: { min: watchedMs } },
              because: `no slot is served for as long as it is watched (2.5 node timeouts, ${watchedMs} ms)`,
            },
          ],
    };
  },
});
