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

export default defineScenario({
  name: 'two-sentinels',
  title: 'Two Sentinels, and one dies with the primary',
  claim:
    'With two Sentinels of which one shares the primary’s host, losing that host means that nobody ever fails over; three on separate hosts do.',
  variants: {
    vulnerable: 'Two Sentinels, one of them beside the primary.',
    hardened: 'Three Sentinels on three hosts.',
  },
  advice:
    'Run at least three Sentinels, an odd number, on machines that fail independently of each other. The quorum only decides when a primary counts as down: a failover also needs the votes of the majority of all Sentinels. The price: a third small process on a third machine.',
  settings: [
    { name: 'Sentinels', vulnerable: '2', hardened: '3' },
    { name: 'quorum', vulnerable: '1', hardened: '2' },
  ],
  experiment({ hardened, timing }) {
    return {
      topology: sentinel({
        sentinels: hardened ? 3 : 2,
        quorum: hardened ? 2 : 1,
        redis: { appendonly: 'yes' },
      }),
      workloads: [
        addToSet({
          name: 'writers',
          clients: 4,
          rate: { perSecond: 400 },
          redis: { failoverDetector: true },
        }),
      ],
      nemesis: schedule(
        hardened
          ? at(500)
              .inject(faults.crashHost('primary'))
              .until(switchAnnounced, { withinMs: timing.failoverBoundMs })
              .then(500)
          : // The one left tries to be elected, and has to give up: that is how long "never" is watched.
            at(500)
              .inject(faults.crashHost('primary'))
              .until(event('-failover-abort-not-elected'), { withinMs: timing.failoverBoundMs }),
      ),
      checks: [
        checks.set(),
        checks.recovery({ mustRecoverWithinMs: timing.failoverBoundMs }),
        checks.availability(),
        checks.vacuity({ minimumRatePerSecond: 100, minimumWritesInWindow: 0 }),
      ],
      expect: hardened
        ? [
            {
              check: 'recovery',
              verdict: 'valid',
              figures: { failovers: { min: 1, max: 1 } },
              because: 'two of three Sentinels are a majority',
            },
          ]
        : [
            {
              check: 'recovery',
              verdict: 'any',
              figures: { failovers: { max: 0 }, failoversAborted: { min: 1 }, odownMs: { min: 0 } },
              because:
                'the one Sentinel left holds the primary to be down, and is never elected by a majority of two',
            },
          ],
    };
  },
});
