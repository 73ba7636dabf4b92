import { checks, defineScenario, schedule, standalone, users } from 'failover-lab';

/** How long a request works between reading its session and saving it, and when its user logs out meanwhile. */
const WORK_MS = 300;
const LOGOUT_AFTER_MS = 100;
const USERS = 15;
const VISITS_AFTER = 3;

export default defineScenario({
  name: 'resurrection',
  title: 'A slow request brings a session back that was logged out',
  claim:
    'A request that read its session before a logout and saves it afterwards brings the session back: the user saw that they were logged out, and their old cookie works again. Nothing has to be broken for that.',
  variants: {
    vulnerable: 'A request that ends writes its whole session back, as most session middlewares do.',
    hardened: 'A request that ends writes to its session only if it is still there, in one atomic script.',
  },
  compare: [
    { check: 'sessions', figure: 'resurrected', label: 'sessions back after their logout', unit: '' },
    { check: 'sessions', figure: 'revokedAccepted', label: 'visits accepted after a logout', unit: '' },
  ],
  advice:
    'Save a session only where it still exists: a script that looks first (or HSETEX with FXX, SET with XX), never HSET or SET alone. The price: a few microseconds in Redis, and a slow request whose user logged out meanwhile ends with 401.',
  settings: [{ name: 'sessions.save', vulnerable: 'always', hardened: 'existing-only (default)' }],
  experiment: ({ hardened }) => ({
    topology: standalone(),
    app: { instances: 1, settings: { sessions: { save: hardened ? 'existing-only' : 'always' } } },
    workloads: [
      users({
        name: 'users',
        journeys: [
          {
            kind: 'slow-request',
            users: USERS,
            thinkMs: 20,
            workMs: WORK_MS,
            logoutAfterMs: LOGOUT_AFTER_MS,
            visitsBetween: 1,
            visitsAfter: VISITS_AFTER,
          },
        ],
      }),
    ],
    load: { beforeMs: 1500, afterMs: 1500 },
    nemesis: schedule(),
    checks: [
      checks.sessions(),
      checks.users(),
      // Without what is refused: logins and logouts alone are left in the hardened variant.
      checks.vacuity({ faultsExpected: false, minimumRatePerSecond: 30 }),
    ],
    expect: [
      hardened
        ? {
            check: 'sessions',
            verdict: 'valid',
            figures: { logouts: { min: USERS } },
            because: 'a request that finds its session gone when it ends does not write it',
          }
        : {
            check: 'sessions',
            verdict: 'invalid',
            figures: { resurrected: { min: USERS } },
            because: `each of ${USERS} users was refused once after their logout, ${WORK_MS - LOGOUT_AFTER_MS} ms before the request ended that wrote the session back, and accepted afterwards; most of them several times`,
          },
    ],
  }),
});
