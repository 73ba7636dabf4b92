import { at, checks, defineScenario, faults, schedule, standalone, users } from 'failover-lab';

/** By how far the clock is off: twice the sessions' sliding half hour. */
const OFF_MS = 3_600_000;
const USERS = 30;
/** So many an hour for each of a few callers, who ask for it within a second. */
const LIMIT = { limit: 12, windowMs: 3_600_000 };
const CALLERS = 5;
const CALLS_PER_SECOND = 100;

export default defineScenario({
  name: 'clock-jump',
  title: 'The clock is set, and everybody is logged out',
  claim:
    'Redis keeps expiry as a time of day: when its machine’s clock is set forward by an hour, every session that would have expired within that hour is gone at once, and every limit of so many an hour may be had again.',
  variants: {
    vulnerable: 'The clock of the primary’s machine is an hour slow, and is set at once.',
    hardened: 'The same hour is corrected gradually, as fast as chrony does it at most.',
  },
  advice:
    'Let chrony slew the clocks of Redis’ machines (makestep 1.0 3: it sets them at its own start only, which has to be before Redis’), and alert on an offset of a second. The price: a clock that is far off stays wrong for long (an hour takes twelve), so find out before Redis starts.',
  settings: [
    {
      name: 'chrony makestep',
      vulnerable: '1.0 -1 (sets the clock at any time)',
      hardened: '1.0 3 (at its start only)',
    },
  ],
  experiment({ hardened }) {
    return {
      topology: standalone(),
      app: {
        instances: 2,
        settings: {
          limits: { policies: { hourly: { algorithm: 'sliding-log', ...LIMIT } }, whenAway: 'closed' },
        },
      },
      workloads: [
        users({
          name: 'users',
          journeys: [
            // Whoever is logged out stays out, so that each is counted once.
            { kind: 'session', users: USERS, thinkMs: 50, viewShare: 0, orderShare: 0, relogin: false },
          ],
        }),
        users({
          name: 'callers',
          journeys: [
            {
              kind: 'limits',
              policies: ['hourly'],
              keys: CALLERS,
              perSecond: CALLS_PER_SECOND,
              maxUsers: 20,
            },
          ],
        }),
      ],
      nemesis: schedule(
        at(500)
          .inject(
            hardened
              ? // https://chrony-project.org/doc/4.6/chrony.conf.html#maxslewrate: 83 333 ppm by default.
                faults.driftClock({ on: 'primary', rate: 1.083333 })
              : faults.stepClock({ on: 'primary', byMs: OFF_MS }),
          )
          .then(2000),
      ),
      checks: [
        checks.sessions({ group: 'users' }),
        checks.limits({ name: 'limit', policy: 'hourly', algorithm: 'sliding-log', ...LIMIT }),
        checks.users(),
        checks.vacuity({ minimumRatePerSecond: 50, minimumWritesInWindow: 0 }),
      ],
      expect: [
        hardened
          ? {
              check: 'sessions',
              verdict: 'valid',
              because: 'two seconds gained a sixth of a second, and sessions have half an hour',
            }
          : {
              check: 'sessions',
              verdict: 'invalid',
              figures: { loggedOutUsers: { min: USERS / 2 }, 'byCause.clock': { min: USERS / 2 } },
              because:
                'whoever was logged in at the moment of the step (at most of a user’s steps) had less than an hour left',
            },
        hardened
          ? {
              check: 'limit',
              verdict: 'valid',
              because: 'the hour goes on: each caller has what it may have once',
            }
          : {
              check: 'limit',
              verdict: 'invalid',
              figures: { 'overAdmittedByCause.clock': { min: (LIMIT.limit * CALLERS) / 2 } },
              because: 'each caller had used up its hour before the step, and has a new one after it',
            },
      ],
    };
  },
});
