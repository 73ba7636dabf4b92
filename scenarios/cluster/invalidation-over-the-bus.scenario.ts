import { at, checks, cluster, defineScenario, faults, schedule, users } from 'failover-lab';

/** How long the nodes do not hear each other; nobody is suspected before a ping is a node timeout old. */
const CUT_MS = 700;
const NODE_TIMEOUT_MS = 5000;
/** An instance hears of a logout within milliseconds; the rest is for a busy machine. */
const STALE_MS = 1000;
/** For the mitigation, which then hears of a gap after two of them. */
const PING_EVERY_MS = 250;
/** Users come, are seen by one instance, and log out through the other; some before the cut, some within it. */
const USERS_PER_SECOND = 40;
const COMING_MS = 1200;
const USERS = (USERS_PER_SECOND * COMING_MS) / 1000;
const BEFORE_MS = 400;
const THINK_MS = 100;
/** They then show the old cookie for longer than the promise, even at the shortest pauses (half). */
const VISITS_AFTER = 30;
const SHOWN_MS = VISITS_AFTER * (THINK_MS / 2);
/** Those who log out within the cut; at least half of them even on a busy machine. */
const IN_CUT = (USERS_PER_SECOND * CUT_MS) / 1000 / 2;
/** What the node publishes to which the instance happens to be subscribed arrives: a third of it, if that is a primary. */
const LOST = Math.floor((IN_CUT * 2) / 3 / 2);

const NODES = [1, 2, 3, 4, 5, 6].map((n) => `node:redis-${n}` as const);

export default defineScenario({
  name: 'invalidation-over-the-bus',
  title: 'Users log out, and the cluster does not pass it on',
  claim:
    'In a cluster a message that is published at one node reaches subscribers at another over the nodes’ own connections, once and without an answer. When those break for a moment, every client is served and nothing looks wrong, but whoever logs out meanwhile stays logged in on instances that keep sessions in memory.',
  variants: {
    vulnerable: 'PUBLISH and SUBSCRIBE: the message has to cross from node to node.',
    hardened:
      'SPUBLISH and SSUBSCRIBE: all instances publish and subscribe at the one node that owns the channel’s slot.',
  },
  mitigations: {
    beats: `PUBLISH and SUBSCRIBE, and every ${PING_EVERY_MS} ms a message through each primary that has to come back; else the local cache is emptied.`,
  },
  advice:
    'Publish invalidations with SPUBLISH where the application runs on a cluster, and empty the local cache whenever the subscription was interrupted: the connection closed, the slot moved (sunsubscribe), or a message to itself did not come back. The price: a message can no longer be published in the same step as the change, so a logout is two round trips and is not confirmed until the second has worked; and while the shard of the channel fails over, no logout is confirmed, whichever shard the session is in. Where that is too much, stay with PUBLISH and send the message to itself through every primary, not through any one: it proves only the way that it took.',
  settings: [
    { name: 'sessions.invalidation', vulnerable: 'pubsub (default)', hardened: 'sharded' },
    {
      name: 'sessions.local.pingEveryMs',
      vulnerable: 'null',
      hardened: 'null, so that the way alone makes the difference',
    },
  ],
  compare: [
    {
      check: 'sessions',
      figure: 'longestAcceptedAfterRevokeMs',
      label: 'longest accepted after the logout',
      unit: 'ms',
    },
    { check: 'sessions', figure: 'revokedAccepted', label: 'visits accepted beyond the promise', unit: '' },
    { check: 'logouts', figure: 'p50Ms', label: 'a logout takes', unit: 'ms' },
  ],
  experiment({ hardened, mitigation, timing }) {
    return {
      topology: cluster({ timing: { nodeTimeoutMs: Math.max(timing.nodeTimeoutMs, NODE_TIMEOUT_MS) } }),
      app: {
        instances: 2,
        settings: {
          sessions: {
            store: 'clustered',
            invalidation: hardened ? 'sharded' : 'pubsub',
            local: { pingEveryMs: mitigation === 'beats' ? PING_EVERY_MS : null },
          },
        },
      },
      workloads: [
        users({
          name: 'users',
          journeys: [
            {
              kind: 'revocation',
              perSecond: USERS_PER_SECOND,
              stages: [
                { perSecond: USERS_PER_SECOND, overMs: COMING_MS },
                { perSecond: 0, overMs: 1 },
              ],
              maxUsers: USERS + 10,
              instances: ['app-1'],
              through: 'app-2',
              thinkMs: THINK_MS,
              visitsBefore: 2,
              visitsAfter: VISITS_AFTER,
            },
          ],
        }),
      ],
      nemesis: schedule(
        at(0)
          .inject(faults.split(NODES, { port: 'bus' }))
          .for(CUT_MS),
      ),
      load: { beforeMs: BEFORE_MS, afterMs: SHOWN_MS },
      checks: [
        checks.sessions({ staleMs: STALE_MS }),
        checks.users({ name: 'logouts', operations: ['logout'] }),
        checks.slotCoverage({ maxUncoveredMs: 0 }),
        checks.vacuity({ minimumRatePerSecond: 1, minimumWritesInWindow: IN_CUT }),
      ],
      expect: [
        hardened || mitigation !== null
          ? {
              check: 'sessions',
              verdict: 'valid',
              figures: { logouts: { min: IN_CUT } },
              because: hardened
                ? 'publisher and subscriber are connected to the same node, so there is nothing between them that was cut'
                : 'a beat that does not come back empties the local cache, after two periods at most',
            }
          : {
              check: 'sessions',
              verdict: 'invalid',
              figures: {
                revokedAccepted: { min: LOST },
                longestAcceptedAfterRevokeMs: { min: SHOWN_MS - 2 * THINK_MS },
              },
              because: `what is published while the nodes do not hear each other is lost, no connection of an instance breaks, and a local copy is good for 30 s: whoever shows the old cookie for ${SHOWN_MS} ms is accepted to the last visit`,
            },
        {
          check: 'slot-coverage',
          verdict: 'valid',
          because: `no node suspects another within a node timeout, ${NODE_TIMEOUT_MS} ms at least: the cluster is whole as far as anybody can tell`,
        },
      ],
    };
  },
});
