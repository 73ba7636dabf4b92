import { addToSet, at, checks, cluster, defineScenario, faults, promotion, schedule } from 'failover-lab';

/** A primary of 3+3 dies: how long the cluster takes by itself. */
export default defineScenario({
  name: 'crashed-shard',
  title: 'A primary of a cluster crashes',
  claim: 'The cluster replaces it by itself.',
  variants: { vulnerable: 'the crash', hardened: 'the same crash' },
  advice: 'None: this measures.',
  settings: [],
  experiment: ({ timing }) => ({
    topology: cluster(),
    workloads: [addToSet({ name: 'orders', clients: 4, keys: 30, rate: { perSecond: 300 } })],
    nemesis: schedule(
      at(200)
        .inject(faults.kill('primary'))
        .once(promotion, { withinMs: timing.failoverBoundMs })
        // The others hear of it with the next ping.
        .then(500),
    ),
    checks: [checks.recovery(), checks.vacuity({ minimumRatePerSecond: 20 })],
    expect: [{ check: 'recovery', verdict: 'any', because: 'it is measured' }],
  }),
});
