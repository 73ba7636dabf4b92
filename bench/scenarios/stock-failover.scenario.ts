import {
  addToSet,
  at,
  checks,
  defineScenario,
  faults,
  schedule,
  sentinel,
  switchAnnounced,
} from 'failover-lab';

/** A primary that dies under Sentinel's own settings, and nothing else: what `lab distribution` is measured with. */
export default defineScenario({
  name: 'stock-failover',
  title: 'A primary dies',
  claim: 'Sentinels replace it.',
  variants: { vulnerable: 'As installed.', hardened: 'As installed.' },
  advice: 'None: this measures.',
  settings: [],
  timings: ['production'],
  speed: 10,
  experiment: ({ timing }) => ({
    topology: sentinel(),
    workloads: [
      addToSet({
        name: 'writers',
        clients: 2,
        rate: { perSecond: 20 },
        redis: { failoverDetector: true, connectTimeout: 1000, commandTimeout: 1000 },
      }),
    ],
    nemesis: schedule(
      at(500).inject(faults.kill('primary')).until(switchAnnounced, { withinMs: timing.failoverBoundMs }),
    ),
    settleWithinMs: 1000,
    checks: [
      checks.recovery({ fault: 'kill', mustRecoverWithinMs: timing.failoverBoundMs }),
      checks.vacuity({ minimumRatePerSecond: 5, minimumWritesInWindow: 0 }),
    ],
    expect: [
      {
        check: 'recovery',
        verdict: 'any',
        figures: { failovers: { min: 1 } },
        because: 'three Sentinels and two replicas are left',
      },
    ],
  }),
});
