import { addToSet, at, checks, defineScenario, faults, schedule, sentinel } from 'failover-lab';

/** How long the load runs; a minute unless the environment says otherwise. */
const SECONDS = Number(process.env.BENCH_STEADY_SECONDS ?? 60);

/** 20,000 operations a second without any harm: what the lab itself costs. */
export default defineScenario({
  name: 'steady-load',
  title: 'A steady load',
  claim: 'A minute of 20,000 operations a second is recorded without the lab growing.',
  variants: { vulnerable: 'the load', hardened: 'the same load' },
  advice: 'None: this measures the lab.',
  settings: [],
  experiment: () => ({
    topology: sentinel({ redis: { save: '""' } }),
    workloads: [
      addToSet({ name: 'left', clients: 8, rate: { perSecond: 10_000 }, keys: 4 }),
      addToSet({ name: 'right', on: 'client-2', clients: 8, rate: { perSecond: 10_000 }, keys: 4 }),
    ],
    nemesis: schedule(
      at(0)
        .inject(faults.latency({ from: 'host:client-1', to: 'a sentinel', latencyMs: 20 }))
        .for(SECONDS * 1000),
    ),
    checks: [checks.set(), checks.vacuity({ minimumWritesInWindow: 1000 })],
    expect: [{ check: 'set', verdict: 'valid', because: 'nothing was harmed' }],
  }),
});
