import { at, checks, defineScenario, faults, schedule, standalone, users } from 'failover-lab';

/** What the local cache of the clustered store promises while its subscription may be silent: two pings. */
const PING_EVERY_MS = 1000;
const STALE_MS = 2 * PING_EVERY_MS;
/**
 * What Redis says to one instance arrives after 10 to 250 ms. The answer to a look-up and the message that the
 * session is gone come on two connections, so either may be first; and both are faster than a command may take
 * (500 ms), so nothing fails.
 */
const DELAY_MS = 130;
const JITTER_MS = 120;
/** Users come while it lasts, so many that at least some of their races are lost: about two of five are. */
const USERS_PER_SECOND = 25;
const COMING_MS = 1500;
const USERS = (USERS_PER_SECOND * COMING_MS) / 1000;
/** After a logout each user tries the old cookie so often at this pause: for well over the promise, even at the shortest pauses (half). */
const THINK_MS = 200;
const VISITS_AFTER = 25;
const SHOWN_MS = VISITS_AFTER * (THINK_MS / 2);

export default defineScenario({
  name: 'lagging-invalidation',
  title: 'An invalidation overtakes the answer that fills the cache',
  claim:
    'A session that is logged out while an instance is reading it may be put into that instance’s memory after the message that it is gone, and then nothing removes it: it is accepted until the local copy’s time is up.',
  variants: {
    vulnerable: 'What Redis answered is kept, whatever was heard meanwhile.',
    hardened: 'What was invalidated while it was being read is answered once and not kept.',
  },
  compare: [
    {
      check: 'sessions',
      figure: 'longestAcceptedAfterRevokeMs',
      label: 'longest accepted after the logout',
      unit: 'ms',
    },
    { check: 'sessions', figure: 'revokedAccepted', label: 'visits accepted beyond the promise', unit: '' },
    { check: 'sessions', figure: 'overtakenFills', label: 'fills that were thrown away', unit: '' },
  ],
  advice:
    'Remember each look-up that is under way, and do not keep its answer when an invalidation of its key came meanwhile; the same race is in every cache that is filled by one connection and invalidated by another (Redis’ own client-side caching documents it). The price: a set of look-ups under way, and now and then one more of them.',
  settings: [{ name: 'sessions.local.guardFills', vulnerable: 'false', hardened: 'true (default)' }],
  experiment: ({ hardened }) => ({
    topology: standalone(),
    app: {
      instances: 2,
      settings: {
        sessions: { store: 'clustered', local: { pingEveryMs: PING_EVERY_MS, guardFills: hardened } },
      },
    },
    workloads: [
      users({
        name: 'users',
        journeys: [
          {
            // The first visit of a session, which reads it from Redis, and its logout through the other instance at once.
            kind: 'slow-request',
            perSecond: USERS_PER_SECOND,
            stages: [
              { perSecond: USERS_PER_SECOND, overMs: COMING_MS },
              { perSecond: 0, overMs: 1 },
            ],
            maxUsers: Math.ceil(USERS) + 10,
            instances: ['app-1'],
            through: 'app-2',
            workMs: 1,
            logoutAfterMs: 10,
            thinkMs: THINK_MS,
            visitsAfter: VISITS_AFTER,
          },
        ],
      }),
    ],
    nemesis: schedule(
      at(0)
        .inject(
          faults.latency({
            from: 'host:app-1',
            to: 'primary',
            latencyMs: DELAY_MS,
            jitterMs: JITTER_MS,
            streams: 'replies',
          }),
        )
        .for(COMING_MS + SHOWN_MS),
    ),
    load: { beforeMs: 0, afterMs: 0 },
    checks: [
      checks.sessions({ staleMs: STALE_MS }),
      checks.users(),
      checks.vacuity({ minimumRatePerSecond: 0, minimumWritesInWindow: USERS / 2 }),
    ],
    expect: [
      hardened
        ? {
            check: 'sessions',
            verdict: 'valid',
            figures: { logouts: { min: USERS / 2 }, overtakenFills: { min: 1 } },
            because: 'fills were overtaken, and none of them was kept',
          }
        : {
            check: 'sessions',
            verdict: 'invalid',
            figures: {
              logouts: { min: USERS / 2 },
              longestAcceptedAfterRevokeMs: { min: SHOWN_MS - THINK_MS },
            },
            because: `a local copy is good for 30 s and nothing tells of its end, so users who show it for ${SHOWN_MS} ms at least are accepted to the last visit`,
          },
    ],
  }),
});
