import {
  addToSet,
  at,
  checks,
  cluster,
  defineScenario,
  event,
  faults,
  promotion,
  schedule,
} from 'failover-lab';
import { replacedWithinMs, suspectedWithinMs } from './bounds.ts';
import { following } from './following.ts';

export default defineScenario({
  name: 'majority-on-one-host',
  title: 'Two of three primaries on one host',
  claim:
    'When a host dies that has two of a cluster’s three primaries, nobody is ever promoted, although all three replicas are alive and well.',
  variants: {
    vulnerable: 'redis-1 and redis-2, both primaries, are on one host.',
    hardened: 'Every primary is on a host of its own.',
  },
  advice:
    'See to it that no host, rack or zone has half of the primaries or more, and look again after each failover, for it moves them: CLUSTER FAILOVER on a replica elsewhere moves one back. Only primaries vote, so replicas do not help. If it has happened, CLUSTER FAILOVER TAKEOVER on the replicas gets the cluster going, by hand and at the risk of a split brain if the others live after all. The price: more hosts.',
  settings: [
    {
      name: 'hosts of the primaries',
      vulnerable: 'host-1, host-1, host-3',
      hardened: 'host-1, host-2, host-3',
    },
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
    const watchedMs = 2.5 * nodeTimeoutMs;
    const line = at(100).inject(faults.crashHost('host:host-1'));
    return {
      topology: cluster({
        redis: { appendonly: 'yes' },
        ...(hardened ? {} : { placement: { 'redis-2': 'host-1' } }),
      }),
      workloads: [addToSet({ name: 'writers', clients: 8, keys: 12, pauseMs: 20, redis: following })],
      nemesis: schedule(
        hardened
          ? line.once(promotion, { withinMs: replacedWithinMs(nodeTimeoutMs) }).then(500)
          : // What is left knows that it is a minority. From there on nothing can happen any more; so long it is watched; an election would begin within half of a node timeout and 1 s.
            line
              .once(event('cluster-state'), { withinMs: 2 * suspectedWithinMs(nodeTimeoutMs) })
              .then(watchedMs),
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
              because: 'two of three primaries are left, which is a majority',
            },
          ]
        : [
            {
              check: 'recovery',
              verdict: 'any',
              figures: { failovers: { max: 0 }, failoverAttempts: { max: 0 } },
              because:
                'a primary is declared failing when a majority of the primaries suspects it, and before that its replica asks nobody for a vote: one of three is no majority',
            },
            {
              check: 'slot-coverage',
              verdict: 'any',
              figures: { lowestCoveredShare: { max: 0 }, longestUncoveredMs: { min: watchedMs } },
              because: `no slot is served, also none of the primary that lives, for as long as it is watched (2.5 node timeouts, ${watchedMs} ms)`,
            },
          ],
    };
  },
});
