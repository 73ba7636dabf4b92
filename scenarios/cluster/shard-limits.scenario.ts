import { at, checks, cluster, defineScenario, faults, promotion, schedule, users } from 'failover-lab';
import { replacedWithinMs, suspectedAfterMs } from './bounds.ts';

/** The one client of each policy is counted in another shard: `billing` in that of slot 0, which loses its primary. */
const HIT = 'billing';
const SPARED = ['orders', 'search'] as const;
const LIMIT = 5;
const WINDOW_MS = 1000;
/** Requests per second under each policy. */
const RATE = 80;
const INSTANCES = 2;
/** Each instance's share of a limit while Redis is away. */
const SHARE = 0.5;
/**
 * When the shard goes and when it comes back, it and the instances may all admit their shares within one window; the
 * instances notice at different moments, so that may be two windows each time.
 */
const MIXED_WINDOWS = 2 * 2;
const LOCAL_AT_MOST = MIXED_WINDOWS * INSTANCES * SHARE * LIMIT;
/** A replica waits so long at least before it asks for votes (cluster.c). */
const ELECTION_AT_LEAST_MS = 500;

const policy = { algorithm: 'fixed-window', limit: LIMIT, windowMs: WINDOW_MS } as const;

export default defineScenario({
  name: 'shard-limits',
  title: 'One shard fails over, and some limits are none',
  claim:
    'In a cluster each client’s rate limit is counted in one shard. When a shard’s primary dies, the clients that are counted there can do as they please until its replica has been promoted, unless each instance counts for itself meanwhile; the limits of the others hold.',
  variants: {
    vulnerable: 'It fails open: whoever cannot be counted is let in.',
    hardened: `Each instance counts for itself, with ${SHARE} of the limit: ${INSTANCES} instances, so that together they keep it.`,
  },
  mitigations: { closed: 'It fails closed: whoever cannot be counted is refused.' },
  advice:
    'Let each instance count for itself while a shard is away, with a share of the limit that the instances together keep, and decide about each shard by itself: a limiter that stops asking Redis after a few failures must not stop asking the shards that answer. With cluster-require-full-coverage yes, the default, one shard without an owner makes all of them refuse, and every limit is affected. The price: memory for the counts, an unlucky client gets less where its requests are not spread evenly over the instances, and around the two transitions a client may have the limit twice.',
  settings: [
    { name: 'limits.whenAway', vulnerable: 'open', hardened: 'local (default)' },
    { name: 'limits.localShare', vulnerable: '(without effect)', hardened: `${SHARE} (default)` },
  ],
  compare: [
    {
      check: HIT,
      figure: 'overAdmitted',
      label: 'admitted in excess by the shard that fails over',
      unit: '',
    },
    { check: HIT, figure: 'failOpenMs', label: 'failed open', unit: 'ms' },
    { check: HIT, figure: 'failClosedMs', label: 'failed closed', unit: 'ms' },
    { check: SPARED[0], figure: 'overAdmitted', label: 'admitted in excess by another', unit: '' },
  ],
  experiment({ hardened, mitigation, timing }) {
    const isClosed = mitigation === 'closed';
    const awayAtLeastMs = suspectedAfterMs(timing.nodeTimeoutMs) + ELECTION_AT_LEAST_MS;
    // What the limit allows in as long and in the windows begun is no excess; the half is for a busy machine.
    const openAtLeast = Math.floor(
      ((RATE * awayAtLeastMs) / 1000 - LIMIT * (awayAtLeastMs / WINDOW_MS + 2)) / 2,
    );
    // The first and the last decision of that time are not quite at its ends.
    const failingAtLeastMs = awayAtLeastMs - 200;
    const limits = (name: string, maxOverAdmitted: number) =>
      checks.limits({ ...policy, name, policy: name, maxOverAdmitted, maxFailOpenMs: 0, maxFailClosedMs: 0 });
    const expected = () => {
      if (hardened)
        return {
          check: HIT,
          verdict: 'valid',
          figures: { 'admittedBy.local': { min: 1 } },
          because: `${INSTANCES} instances × ${SHARE} × ${LIMIT} keep the limit; only in the windows in which the shard goes and comes back they add to what it admitted: at most ${LOCAL_AT_MOST}`,
        } as const;
      if (isClosed)
        return {
          check: HIT,
          verdict: 'invalid',
          figures: { overAdmitted: { max: LIMIT }, failClosedMs: { min: failingAtLeastMs } },
          because:
            'nobody is admitted until the replica has been promoted; it may lack the counts of the last moments, but no more than one limit of them',
        } as const;
      return {
        check: HIT,
        verdict: 'invalid',
        figures: {
          'overAdmittedByCause.fail-open': { min: openAtLeast },
          failOpenMs: { min: failingAtLeastMs },
        },
        because: `${RATE} requests/s are let in, where ${LIMIT} are allowed, for ${awayAtLeastMs} ms at least: before ${suspectedAfterMs(timing.nodeTimeoutMs)} ms nobody suspects the primary, and its replica waits ${ELECTION_AT_LEAST_MS} ms before it asks for votes`,
      } as const;
    };
    return {
      topology: cluster({ redis: { 'cluster-require-full-coverage': 'no' } }),
      app: {
        instances: INSTANCES,
        settings: {
          limits: {
            policies: { [HIT]: policy, [SPARED[0]]: policy, [SPARED[1]]: policy },
            whenAway: hardened ? 'local' : isClosed ? 'closed' : 'open',
            localShare: SHARE,
          },
        },
      },
      workloads: [
        users({
          name: 'callers',
          journeys: [
            {
              kind: 'limits',
              policies: [HIT, ...SPARED],
              keys: 1,
              perSecond: RATE * (1 + SPARED.length),
              maxUsers: 60,
              balance: 'round-robin',
            },
          ],
        }),
      ],
      nemesis: schedule(
        at(200)
          .inject(faults.kill('primary of slot 0'))
          .once(promotion, { withinMs: replacedWithinMs(timing.nodeTimeoutMs) })
          .then(300),
      ),
      load: { beforeMs: 300, afterMs: 300 },
      checks: [
        limits(HIT, hardened ? LOCAL_AT_MOST : 0),
        ...SPARED.map((name) => limits(name, 0)),
        checks.vacuity({
          // Only what limits admit counts, so it cannot be much more; the half of it for a busy machine.
          minimumRatePerSecond: (SPARED.length * LIMIT) / 2,
          minimumWritesInWindow: 0,
          minimumAttemptsInWindow: (RATE * awayAtLeastMs) / 1000,
        }),
      ],
      expect: [
        expected(),
        ...SPARED.map((check) => ({
          check,
          verdict: 'valid' as const,
          figures: { 'refusedBy.redis': { min: 1 } },
          because: 'its shard is served all the time, and is asked whatever the other one does',
        })),
      ],
    };
  },
});
