import { at, checks, defineScenario, faults, schedule, standalone, systems, users } from 'failover-lab';

/** Sessions, one user of the application each, that are alive when the spike comes. */
const SESSIONS = 200;
const BROWSERS = 40;
const THINK_MS = 150;
/** What one server may hold: much more than all that the application needs. */
const MAXMEMORY_MB = 8;
/** What somebody caches at once: memory is written over several times. */
const SPIKE_MB = 24;
/** As fast as 16 MB/s, so that memory is written over within half a second. */
const SPIKE_KEYS_PER_SECOND = 16_000;

const LIMIT = 5;
const WINDOW_MS = 10_000;
const LIMITED_CLIENTS = 50;

/** Each job takes so long, and so many are worked on at once, half of them in each of two instances. */
const WORK_MS = 200;
const AT_ONCE = 4;
/** Twice what is worked off, until the spike has come; then so few that what waits is worked off by the end. */
const ORDERS_PER_SECOND = (2 * AT_ONCE * 1000) / WORK_MS;

const evicting = { maxmemory: `${MAXMEMORY_MB}mb`, 'maxmemory-policy': 'allkeys-lru' };
const keeping = { maxmemory: `${MAXMEMORY_MB}mb`, 'maxmemory-policy': 'noeviction' };

export default defineScenario({
  name: 'shared-redis',
  title: 'One Redis for everything, and the cache grows',
  claim:
    'When sessions, rate limits, jobs and the cache share one Redis that evicts, whoever fills the cache logs people out, forgets limits and loses orders, and no error tells.',
  headline: true,
  variants: {
    vulnerable: 'One server with maxmemory and allkeys-lru for everything, as a cache wants it.',
    hardened:
      'A server for each, with the policy that fits: the cache evicts, sessions, limits and jobs never do.',
  },
  advice:
    'Give what may be thrown away a Redis of its own: allkeys-lru for the cache, noeviction for jobs, sessions and limits, and an alert on used_memory there. Several databases (SELECT) of one server do not help: eviction looks at all of them. The price: more servers to run, and memory that one of them has spare is of no use to another.',
  settings: [
    { name: 'servers', vulnerable: '1', hardened: '4: sessions, cache, limits, jobs' },
    {
      name: 'maxmemory-policy',
      vulnerable: 'allkeys-lru',
      hardened: 'allkeys-lru (cache), noeviction (sessions, limits, jobs)',
    },
    { name: 'maxmemory', vulnerable: `${MAXMEMORY_MB}mb`, hardened: `${MAXMEMORY_MB}mb each` },
  ],
  compare: [
    { check: 'sessions', figure: 'loggedOutUsers', label: 'users logged out', unit: '' },
    { check: 'limits', figure: 'overAdmitted', label: 'admitted in excess', unit: '' },
    { check: 'jobs', figure: 'lost', label: 'orders lost', unit: '' },
    { check: 'users', figure: 'errorsInFault', label: 'errors that anybody saw', unit: '' },
  ],
  experiment({ hardened }) {
    return {
      topology: hardened
        ? systems({
            sessions: standalone({ redis: keeping }),
            cache: standalone({ redis: evicting }),
            limits: standalone({ redis: keeping }),
            jobs: standalone({ redis: keeping }),
          })
        : standalone({ redis: evicting }),
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
            { kind: 'limits', policies: ['search'], perSecond: 100, keys: LIMITED_CLIENTS, maxUsers: 10 },
            {
              kind: 'orders',
              perSecond: ORDERS_PER_SECOND,
              maxUsers: 20,
              stages: [
                { perSecond: ORDERS_PER_SECOND, overMs: 2000 },
                { perSecond: 1, overMs: 10 },
              ],
            },
          ],
        }),
      ],
      // The same keys in both variants: they belong to the cache.
      nemesis: schedule(
        at(0).inject(
          faults.fill(hardened ? 'primary of cache' : 'primary', {
            megabytes: SPIKE_MB,
            prefix: 'cache:report:',
            perSecond: SPIKE_KEYS_PER_SECOND,
          }),
        ),
      ),
      // Before: everybody has logged in (5 sessions each, at most 1.5 × 150 ms for each). After: the queue is worked off.
      load: { beforeMs: 1500, afterMs: 2000 },
      checks: [
        checks.sessions(),
        checks.limits({
          policy: 'search',
          algorithm: 'sliding-log',
          limit: LIMIT,
          windowMs: WINDOW_MS,
        }),
        checks.jobs(hardened ? { nodes: ['jobs-redis-1'] } : {}),
        checks.users(),
        checks.vacuity({ minimumRatePerSecond: 100, minimumWritesInWindow: 100 }),
      ],
      expect: hardened
        ? [
            {
              check: 'sessions',
              verdict: 'valid',
              because: 'the server of the sessions evicts nothing, and the spike is on another one',
            },
            { check: 'limits', verdict: 'valid', because: 'so do the counts' },
            { check: 'jobs', verdict: 'valid', because: 'so do the jobs' },
          ]
        : [
            {
              check: 'sessions',
              verdict: 'invalid',
              figures: { 'byCause.evicted': { min: SESSIONS / 2 } },
              because: `memory is written over every ${(MAXMEMORY_MB * 1000) / (SPIKE_KEYS_PER_SECOND / 1000)} ms, and a session is used every ${(SESSIONS / BROWSERS) * THINK_MS} ms`,
            },
            {
              check: 'limits',
              verdict: 'invalid',
              figures: { 'overAdmittedByCause.evicted': { min: LIMITED_CLIENTS } },
              because: 'a client whose count was evicted begins anew',
            },
            {
              check: 'jobs',
              verdict: 'invalid',
              figures: { 'lostByCause.evicted': { min: AT_ONCE } },
              because:
                'the jobs that wait are keys that nobody has used for a while, and more wait than are worked on at once',
            },
          ],
    };
  },
});
