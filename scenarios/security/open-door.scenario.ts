import { at, checks, defineScenario, faults, schedule, standalone, users } from 'failover-lab';

/** Sessions, one user of the application each, that are alive when the stranger comes. */
const SESSIONS = 200;
const BROWSERS = 40;
const THINK_MS = 150;

const LIMIT = 5;
const WINDOW_MS = 10_000;
const LIMITED_CLIENTS = 50;

/** Each job takes so long, and so many are worked on at once, half of them in each of two instances. */
const WORK_MS = 200;
const AT_ONCE = 4;
const WORKED_OFF_PER_SECOND = (AT_ONCE * 1000) / WORK_MS;
/** Twice what is worked off, until the stranger has come; then so few that what waits is worked off by the end. */
const ORDERS_PER_SECOND = 2 * WORKED_OFF_PER_SECOND;
const BEFORE_MS = 1500;
const WAITING = ((ORDERS_PER_SECOND - WORKED_OFF_PER_SECOND) * BEFORE_MS) / 1000;

/** The application's own user: everything that is not dangerous, and INFO, which its queue asks for. */
const USERS = ['default off', 'shop on >a-long-and-random-password ~* &* +@all -@dangerous +info'];

export default defineScenario({
  name: 'open-door',
  title: 'Nobody guards the door',
  claim:
    'Whoever reaches a Redis without authentication empties it with one command: everybody is logged out, limits begin anew, orders are gone.',
  variants: {
    vulnerable: 'No password, and it listens on every address.',
    hardened:
      'The user "default" is off; the application has a user of its own, which may not use dangerous commands.',
  },
  advice:
    'Turn the user "default" off and give each application a user of its own with a long password (ACL) and without @dangerous; bind Redis to the addresses that need it and keep others out by the network. The price: a password to hand out and to change, and orders of operators (FLUSHALL, CONFIG, KEYS) need another user.',
  settings: [
    { name: 'user default', vulnerable: 'on, without a password', hardened: 'off' },
    { name: 'user shop', vulnerable: '(none)', hardened: 'on >… ~* &* +@all -@dangerous +info' },
  ],
  compare: [
    { check: 'sessions', figure: 'loggedOutUsers', label: 'users logged out', unit: '' },
    { check: 'limits', figure: 'overAdmitted', label: 'admitted in excess', unit: '' },
    { check: 'jobs', figure: 'lost', label: 'orders lost', unit: '' },
  ],
  experiment({ hardened }) {
    return {
      topology: standalone(hardened ? { redis: { user: USERS } } : {}),
      app: {
        instances: 2,
        settings: {
          limits: {
            policies: { search: { algorithm: 'sliding-log', limit: LIMIT, windowMs: WINDOW_MS } },
          },
          jobs: { workMs: WORK_MS, concurrency: AT_ONCE / 2 },
        },
      },
      workloads: [
        users({
          name: 'users',
          journeys: [
            {
              kind: 'session',
              users: BROWSERS,
              thinkMs: THINK_MS,
              sessionsPerUser: SESSIONS / BROWSERS,
              stepsPerSession: null,
              viewShare: 0.2,
              orderShare: 0,
            },
            { kind: 'limits', policies: ['search'], perSecond: 150, keys: LIMITED_CLIENTS, maxUsers: 10 },
            {
              kind: 'orders',
              perSecond: ORDERS_PER_SECOND,
              maxUsers: 20,
              stages: [
                { perSecond: ORDERS_PER_SECOND, overMs: BEFORE_MS },
                { perSecond: 1, overMs: 10 },
              ],
            },
          ],
        }),
      ],
      nemesis: schedule(at(0).inject(faults.flushAsStranger('primary')).then(500)),
      // Before: everybody has logged in (5 sessions each, at most 1.5 × 150 ms for each). After: the queue is worked off,
      // and everybody has come back.
      load: { beforeMs: BEFORE_MS, afterMs: 2000 },
      checks: [
        checks.sessions(),
        checks.limits({
          policy: 'search',
          algorithm: 'sliding-log',
          limit: LIMIT,
          windowMs: WINDOW_MS,
        }),
        checks.jobs(),
        checks.users(),
        checks.vacuity({ minimumRatePerSecond: 100, minimumWritesInWindow: 50 }),
      ],
      expect: hardened
        ? [
            {
              check: 'sessions',
              verdict: 'valid',
              because: 'the stranger is answered NOAUTH, and nothing happens',
            },
            { check: 'limits', verdict: 'valid', because: 'the counts are still there' },
            { check: 'jobs', verdict: 'valid', because: 'the orders that wait are still there' },
          ]
        : [
            {
              check: 'sessions',
              verdict: 'invalid',
              figures: { 'byCause.flushed': { min: BROWSERS }, 'byCause.unexplained': { max: 0 } },
              because: `all of the ${SESSIONS} sessions are gone at once; on a busy machine not all have logged in by then, but every virtual user has at least once`,
            },
            {
              check: 'limits',
              verdict: 'invalid',
              figures: { 'overAdmittedByCause.flushed': { min: LIMITED_CLIENTS } },
              because: 'every client may ask anew as often as the limit says',
            },
            {
              check: 'jobs',
              verdict: 'invalid',
              figures: { 'lostByCause.flushed': { min: AT_ONCE } },
              because: `${ORDERS_PER_SECOND} orders/s come and ${WORKED_OFF_PER_SECOND} are worked off, so about ${WAITING} wait; on a busy machine fewer come, but more than are worked on at once`,
            },
          ],
    };
  },
});
