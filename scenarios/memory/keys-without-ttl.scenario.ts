import { at, checks, defineScenario, faults, schedule, standalone, users } from 'failover-lab';

const MAXMEMORY_MB = 16;
/** What somebody writes in all: more than there is room for. */
const REPORTS_MB = 24;
const KEYS_PER_SECOND = 8000;
/** In the hardened variant: 4,000 keys of 1 KB at once, a third of the memory with what Redis adds. */
const TTL_SECONDS = 0.5;
/** How long it stays as it is then. */
const HOLD_MS = 1500;
const LOGINS_PER_SECOND = 40;
/** While nobody can; half is for a busy machine. */
const REFUSED_AT_LEAST = (LOGINS_PER_SECOND * HOLD_MS) / 1000 / 2;

export default defineScenario({
  name: 'keys-without-ttl',
  title: 'Keys that never expire',
  claim:
    'Keys without a time to live fill the memory sooner or later, and then nobody can log in although Redis runs and answers.',
  variants: {
    vulnerable: 'Somebody stores reports for ever, on a server that evicts nothing.',
    hardened: `The same reports, each with a time to live (here ${TTL_SECONDS} s).`,
  },
  advice:
    'Give every key a time to live when it is written, with what it is written (SET … EX), and alert on used_memory before maxmemory is reached. Look for keys without one by a scan that names their owners (npm run app -- memory-audit). Evicting instead (allkeys-lru) throws sessions away (the scenario shared-redis); volatile-lru spares just those keys that never expire. The price: what has expired must be made again.',
  settings: [
    { name: 'reports: time to live', vulnerable: 'none', hardened: `${TTL_SECONDS} s` },
    { name: 'maxmemory', vulnerable: `${MAXMEMORY_MB}mb`, hardened: `${MAXMEMORY_MB}mb` },
    { name: 'maxmemory-policy', vulnerable: 'noeviction', hardened: 'noeviction' },
  ],
  compare: [
    { check: 'logins', figure: 'errorsInFault', label: 'logins refused', unit: '' },
    { check: 'sessions', figure: 'loggedOutUsers', label: 'users logged out', unit: '' },
  ],
  experiment({ hardened }) {
    return {
      topology: standalone({
        redis: { maxmemory: `${MAXMEMORY_MB}mb`, 'maxmemory-policy': 'noeviction' },
      }),
      app: { instances: 2 },
      workloads: [
        users({
          name: 'users',
          journeys: [
            { kind: 'login-storm', perSecond: LOGINS_PER_SECOND, maxUsers: 40 },
            {
              kind: 'session',
              users: 10,
              thinkMs: 100,
              sessionsPerUser: 2,
              stepsPerSession: null,
              viewShare: 0,
              orderShare: 0,
            },
          ],
        }),
      ],
      nemesis: schedule(
        at(0)
          .inject(
            faults.fill('primary', {
              megabytes: REPORTS_MB,
              prefix: 'report:',
              perSecond: KEYS_PER_SECOND,
              mustBite: !hardened,
              goOn: true,
              removeAtHeal: true,
              ...(hardened ? { ttlSeconds: TTL_SECONDS } : {}),
            }),
          )
          .for(HOLD_MS),
      ),
      checks: [
        checks.users({ name: 'logins', operations: ['login'] }),
        checks.sessions(),
        checks.users({ name: 'visits', operations: ['visit'] }),
        checks.vacuity({ minimumRatePerSecond: 20, minimumWritesInWindow: 20 }),
      ],
      expect: [
        hardened
          ? {
              check: 'logins',
              verdict: 'any',
              figures: { errorsInFault: { max: 0 } },
              because: `${KEYS_PER_SECOND * TTL_SECONDS} reports at once are all that there are`,
            }
          : {
              check: 'logins',
              verdict: 'any',
              figures: { errorsInFault: { min: REFUSED_AT_LEAST } },
              because: `for ${HOLD_MS} ms every write that needs memory is refused (OOM), and ${LOGINS_PER_SECOND} logins/s are due`,
            },
        {
          check: 'sessions',
          verdict: 'valid',
          because: 'nothing is evicted: whoever was told that they are logged in is',
        },
      ],
    };
  },
});
