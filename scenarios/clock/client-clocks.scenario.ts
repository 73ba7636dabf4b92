import { at, checks, defineScenario, faults, schedule, standalone, users } from 'failover-lab';
import { algorithms, type FiveLimits, fiveChecks, fivePolicies } from '../limits/five-limits.ts';

const RATE = 50;
const KEYS = 10;
/** An hour, so that nothing expires during a run, and a clock that is off by it has everything expire. */
const LIMITS: FiveLimits = { limit: 12, windowMs: 3_600_000 };
/** Two windows: after one alone a sliding counter remembers as much of it as is left of the hour on the clock. */
const AHEAD_MS = 2 * LIMITS.windowMs;

export default defineScenario({
  name: 'client-clocks',
  title: 'Rate limits on the clocks of two machines',
  claim:
    'A rate limit that goes by the application’s clock is reset, or has two windows at once, when one machine’s clock is two hours ahead; one that goes by Redis’ clock does not notice.',
  variants: {
    vulnerable: 'Each instance tells the limiter what time it is.',
    hardened: 'The limiter’s script asks Redis for the time (TIME).',
  },
  compare: algorithms.map((check) => ({
    check,
    figure: 'overAdmitted',
    label: `${check}: admitted in excess`,
    unit: '',
  })),
  advice:
    'Take the time inside the script: redis.call("TIME"), which Redis replicates safely since version 5. The price: none; the limiter’s keys then expire by the same clock that it counts by.',
  settings: [{ name: 'limits.clock', vulnerable: 'client', hardened: 'server (default)' }],
  experiment({ hardened }) {
    return {
      topology: standalone(),
      app: {
        instances: 2,
        settings: {
          limits: {
            policies: fivePolicies(LIMITS),
            clock: hardened ? 'server' : 'client',
            whenAway: 'closed',
          },
        },
      },
      workloads: [
        users({
          name: 'callers',
          journeys: [
            {
              kind: 'limits',
              policies: algorithms,
              keys: KEYS,
              perSecond: RATE * algorithms.length,
              maxUsers: 60,
              balance: 'round-robin',
            },
          ],
        }),
      ],
      nemesis: schedule(
        at(1500)
          .inject(faults.stepClock({ on: 'node:app-2', byMs: AHEAD_MS }))
          .then(3000),
      ),
      checks: [
        ...fiveChecks(LIMITS),
        checks.users(),
        checks.vacuity({ minimumRatePerSecond: 50, minimumWritesInWindow: 0 }),
      ],
      expect: algorithms.map((check) =>
        hardened
          ? { check, verdict: 'valid', because: 'no clock but Redis’ is asked' }
          : {
              check,
              verdict: 'invalid',
              figures: { overAdmitted: { min: 1 }, 'overAdmittedByCause.clock': { min: 1 } },
              because:
                'by the clock that is two hours ahead all that was counted is over, and may be had again',
            },
      ),
    };
  },
});
