import {
  addToSet,
  at,
  checks,
  defineScenario,
  event,
  faults,
  schedule,
  sentinel,
  switchAnnounced,
} from 'failover-lab';

/** Sentinel stands back for this long after each leap of its clock (sentinel.c, sentinel_tilt_period). */
const TILT_MS = 30_000;
const DOWN_AFTER_MS = 5000;
/** What Sentinel takes for a leap (sentinel.c, sentinel_tilt_trigger). */
const LEAP_MS = 2000;
/** By how far the clocks are off. */
const OFF_MS = 60_000;

export default defineScenario({
  name: 'tilt',
  title: 'The clocks are set, and the primary dies',
  claim:
    'Sentinels whose clocks are set by more than two seconds stand back for half a minute (TILT): a primary that dies meanwhile is not replaced; clocks that are corrected gradually disturb nobody.',
  variants: {
    vulnerable: 'The clocks of all hosts are a minute off, and are set at once.',
    hardened: 'The same minute is corrected gradually, as fast as chrony does it at most.',
  },
  advice:
    'Let chrony slew clocks while Sentinels run (makestep 1.0 3 sets them only at its start) and alert on +tilt. The price: a clock that is a minute off takes twelve minutes to be right again, so find out why it was off.',
  settings: [
    {
      name: 'chrony makestep',
      vulnerable: '1.0 -1 (sets the clock at any time)',
      hardened: '1.0 3 (at its start only)',
    },
    { name: 'down-after-milliseconds', vulnerable: '5000', hardened: '5000' },
  ],
  timings: ['production'],
  // Sentinel's half minute is compiled in. Not faster: on a machine that is busy for long enough a Sentinel takes its own
  // lateness for a leap of its clock; two seconds are then 0.4 s, which even such a machine does not keep anybody waiting for.
  speed: 5,
  experiment({ hardened, timing }) {
    return {
      topology: sentinel({ timing: { downAfterMs: DOWN_AFTER_MS }, redis: { appendonly: 'yes' } }),
      workloads: [
        addToSet({
          name: 'writers',
          clients: 4,
          rate: { perSecond: 100 },
          redis: { failoverDetector: true },
        }),
      ],
      nemesis: schedule(
        (hardened
          ? // https://chrony-project.org/doc/4.6/chrony.conf.html#maxslewrate: 83 333 ppm by default.
            at(500)
              .inject(faults.driftClock({ on: 'everybody', rate: 1.083333 }))
              .then(1000)
          : at(500)
              .inject(faults.stepClock({ on: 'everybody', byMs: OFF_MS }))
              .once(event('+tilt'), { withinMs: 5000 })
        )
          .inject(faults.kill('primary'))
          .until(switchAnnounced, { withinMs: timing.failoverBoundMs })
          .then(500),
      ),
      checks: [
        checks.set(),
        checks.recovery({ fault: 'kill', mustRecoverWithinMs: timing.failoverBoundMs }),
        checks.availability(),
        // The claim is about leaps, and about half a minute against ten seconds.
        checks.pace({ worstMs: LEAP_MS, usualMs: LEAP_MS / 4, maxBusyShare: 1 }),
        checks.vacuity({ minimumRatePerSecond: 20, minimumWritesInWindow: 0 }),
      ],
      expect: hardened
        ? [
            {
              check: 'recovery',
              verdict: 'valid',
              figures: { failovers: { min: 1, max: 1 }, sdownMs: { max: 2 * DOWN_AFTER_MS } },
              because:
                'the primary is held for down after down-after-milliseconds; Sentinel minds only leaps of more than two seconds between two turns of its own',
            },
          ]
        : [
            {
              check: 'recovery',
              verdict: 'valid',
              // The heal sets the clocks back: pings that were sent before then lie in the future, and Sentinels may take
              // healthy primaries for silent. How often is no matter of the claim.
              figures: { failovers: { min: 1 }, sdownMs: { min: TILT_MS * 0.8 } },
              because:
                'in TILT a Sentinel goes on asking and does not act, for 30 s from the leap; the primary dies within the first few of them',
            },
          ],
    };
  },
});
