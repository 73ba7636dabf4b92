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

/** Redis' default is 10. Shorter here, so that a replica is too old after seconds instead of minutes. */
const FACTOR = 1;
const REPL_PING_SECONDS = 1;
/** A replica waits up to 1 s before it asks for votes, and its clock ticks ten times a second (cluster.c); the rest is for a busy machine. */
const ELECTION_MS = 1500;
const SHARDS = 3;
const PER_SECOND = 300;

export default defineScenario({
  name: 'stale-replica',
  title: 'The only replica is too old to take over',
  claim:
    'A shard with a replica survives the death of its primary only if that replica was connected lately: one that was cut off for a while may not be elected, and the shard stays away until somebody brings the primary back.',
  variants: {
    vulnerable: `A replica that has not heard from its primary for longer than node-timeout × ${FACTOR} + ${REPL_PING_SECONDS} s may not be elected.`,
    hardened: 'A replica may always be elected, however old its data are.',
  },
  advice:
    'Decide it for each cluster: with cluster-replica-validity-factor 0 a shard comes back whatever its replica missed, and everything written meanwhile is lost for good; with a factor (default 10) the shard stays away until its primary returns, and nothing is lost if it does. The figures of this run show both. The factor is no proof of fresh data either: it counts from the end of the connection to the primary, so a replica whose connection hung, and ends only with the primary or after repl-timeout, is taken for fresh. Better than either: two replicas for each shard, and an alarm on master_link_status.',
  settings: [
    { name: 'cluster-replica-validity-factor', vulnerable: `${FACTOR} (default: 10)`, hardened: '0' },
    {
      name: 'repl-ping-replica-period',
      vulnerable: `${REPL_PING_SECONDS} (default: 10)`,
      hardened: `${REPL_PING_SECONDS}`,
    },
  ],
  compare: [
    { check: 'slot-coverage', figure: 'longestUncoveredMs', label: 'shard away', unit: 'ms' },
    { check: 'set', figure: 'lost', label: 'acknowledged writes lost', unit: '' },
  ],
  experiment({ hardened, timing }) {
    const { nodeTimeoutMs } = timing;
    // By the time of an election one more node timeout of silence has passed, which Redis does not count
    // (clusterHandleSlaveFailover). Ages are whole seconds, hence one more; the rest is for timers.
    const tooOldMs = nodeTimeoutMs * FACTOR + (REPL_PING_SECONDS + 1) * 1000 + 250;
    /** Two node timeouts for the majority to agree that the primary is dead, then the election. */
    const awayMs = 2 * nodeTimeoutMs + ELECTION_MS;
    // So long that the primary serves again as soon as it is back: before two node timeouts are over nobody clears its
    // FAIL (clearNodeFailureIfNeeded), and the replica, connected to it again, may be elected after all, though not in the
    // half second for which an election waits.
    const watchedMs = 2 * nodeTimeoutMs + 250;
    const lostAtLeast = Math.floor(((PER_SECOND / SHARDS) * tooOldMs) / 1000 / 2);
    // Broken, not silent: Redis counts the age of a connection that breaks from then on, but that of one that hangs
    // begins anew when it ends at last (replicationHandleMasterDisconnection sets repl_down_since).
    const primaryDies = at(100)
      .inject(faults.reset({ from: 'replicas of slot 0', to: 'primary of slot 0' }))
      .then(tooOldMs)
      .inject(faults.kill('primary of slot 0'));
    const { failoverBoundMs: withinMs } = timing;
    return {
      topology: cluster({
        primaries: SHARDS,
        redis: {
          'cluster-replica-validity-factor': hardened ? 0 : FACTOR,
          'repl-ping-replica-period': REPL_PING_SECONDS,
          // So that a primary that comes back has what it acknowledged.
          appendonly: 'yes',
          // The other shards go on: only what happens to one is the matter here.
          'cluster-require-full-coverage': 'no',
        },
      }),
      workloads: [
        addToSet({
          name: 'orders',
          clients: 4,
          keys: 30,
          rate: { perSecond: PER_SECOND },
          redis: { maxRedirections: 400, commandTimeout: 1000 },
        }),
      ],
      nemesis: schedule(
        hardened
          ? primaryDies.once(promotion, { withinMs }).then(300)
          : primaryDies.once(event('fail'), { withinMs }).then(watchedMs),
      ),
      load: { beforeMs: 300, afterMs: 300 },
      checks: [
        checks.slotCoverage({ maxUncoveredMs: awayMs }),
        checks.set(),
        checks.recovery({ fault: 'kill' }),
        checks.vacuity({ minimumRatePerSecond: PER_SECOND / 2, minimumWritesInWindow: 100 }),
      ],
      expect: hardened
        ? [
            {
              check: 'slot-coverage',
              verdict: 'valid',
              because: 'the old replica is elected as soon as the majority has called the primary dead',
            },
            {
              check: 'set',
              verdict: 'invalid',
              figures: { 'lostByCause.stale-replica': { min: lostAtLeast } },
              because: 'the price: what the shard acknowledged while its replica was cut off is lost',
            },
          ]
        : [
            {
              check: 'slot-coverage',
              verdict: 'invalid',
              because: 'the only replica is not allowed to ask for votes',
            },
            {
              check: 'set',
              verdict: 'valid',
              because: 'the primary returns with its append-only file, and nobody took its place meanwhile',
            },
          ],
    };
  },
});
