import { addToSet, at, checks, cluster, defineScenario, faults, promotion, schedule } from 'failover-lab';

/** `slotsRefreshInterval`: how often a client asks who owns which slots, whatever happens. */
const REFRESH_MS = 500;
/** ioredis' default `slotsRefreshTimeout`: the node that is asked first may be the frozen one. */
const REFRESH_TIMEOUT_MS = 1000;
/** After the promotion; the rest is for a busy machine. */
const KNOWN_WITHIN_MS = REFRESH_MS + REFRESH_TIMEOUT_MS + 1000;
/** How long the primary stays frozen after its successor was promoted. */
const FROZEN_MS = KNOWN_WITHIN_MS + 1000;
/** A replica waits up to 1 s before it asks for votes (cluster.c); the rest is for a busy machine. */
const ELECTION_MS = 3000;
const PER_SECOND = 200;

export default defineScenario({
  name: 'refresh-late',
  title: 'Nobody tells the client that a shard has a new primary',
  claim:
    'When a shard’s primary freezes, the cluster puts another in its place within seconds, but clients with default settings go on asking the frozen one: they learn of a new owner only from answers, and none come.',
  variants: {
    vulnerable: 'ioredis as installed: the table of slots is fetched again only after an error.',
    hardened: `The table is fetched again every ${REFRESH_MS} ms.`,
  },
  advice:
    'Give ioredis’ Cluster slotsRefreshInterval, besides timeouts. The price: CLUSTER SLOTS on a connection of its own from each client, so often. Do not count on CLUSTERDOWN to wake clients up: with cluster-require-full-coverage no, which keeps the other shards in service, no node says it.',
  settings: [
    {
      name: 'ioredis Cluster: slotsRefreshInterval',
      vulnerable: 'none (default)',
      hardened: String(REFRESH_MS),
    },
  ],
  compare: [
    {
      check: 'availability',
      figure: 'longestOutageMs',
      label: 'shard of no use after the promotion',
      unit: 'ms',
    },
  ],
  experiment({ hardened, timing }) {
    return {
      topology: cluster({ redis: { 'cluster-require-full-coverage': 'no' } }),
      workloads: [
        // All in the shard that is hit; clients know the other nodes all the same.
        addToSet({
          name: 'orders',
          clients: 4,
          keys: 10,
          keySlots: { ranges: [[0, 5460]] },
          rate: { perSecond: PER_SECOND },
          redis: hardened ? { slotsRefreshInterval: REFRESH_MS } : {},
        }),
      ],
      nemesis: schedule(
        at(500)
          .inject(faults.pause('primary of slot 0'))
          .once(promotion, { withinMs: timing.failoverBoundMs })
          .then(FROZEN_MS),
      ),
      checks: [
        checks.availability({ after: 'promotion', maxOutageMs: KNOWN_WITHIN_MS }),
        checks.slotCoverage({ maxUncoveredMs: 2 * timing.nodeTimeoutMs + ELECTION_MS }),
        checks.vacuity({
          minimumRatePerSecond: PER_SECOND / 2,
          minimumWritesInWindow: 0,
          minimumAttemptsInWindow: PER_SECOND,
        }),
      ],
      expect: [
        hardened
          ? {
              check: 'availability',
              verdict: 'valid',
              because: `the next table of slots names the new primary: after ${REFRESH_MS} ms, or ${REFRESH_TIMEOUT_MS} ms later if the frozen node was asked first`,
            }
          : {
              check: 'availability',
              verdict: 'invalid',
              figures: { longestOutageMs: { min: FROZEN_MS } },
              because:
                'a frozen server sends no MOVED, closes no connection, and nothing else makes ioredis ask',
            },
        {
          check: 'slot-coverage',
          verdict: 'valid',
          because: 'the servers have recovered after two node timeouts and an election, in both variants',
        },
      ],
    };
  },
});
