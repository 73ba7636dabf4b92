import { addToSet, at, checks, defineScenario, faults, schedule, sentinel } from 'failover-lab';

/** How long the load runs; what is measured meanwhile says so. */
const SECONDS = Number(process.env.BENCH_LOAD_SECONDS ?? 30);

/** As many operations as the machine can do: whatever else it does costs some of them. */
export default defineScenario({
  name: 'closed-loop',
  title: 'A load without a limit',
  claim: 'Nothing is claimed: it shows what else the machine has to do.',
  variants: { vulnerable: 'the load', hardened: 'the same load' },
  advice: 'None: this measures the lab.',
  settings: [],
  experiment: () => ({
    topology: sentinel({ redis: { save: '""' } }),
    workloads: [addToSet({ name: 'load', clients: 8, inFlight: 4 })],
    nemesis: schedule(
      at(0)
        .inject(faults.latency({ from: 'host:client-1', to: 'a sentinel', latencyMs: 20 }))
        .for(SECONDS * 1000),
    ),
    checks: [checks.availability(), checks.vacuity()],
    expect: [{ check: 'availability', verdict: 'any', because: 'nothing is claimed' }],
  }),
});
