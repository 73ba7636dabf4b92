import { addToSet, at, checks, type Fault, schedule, sentinel } from 'failover-lab';
import { planted, SHORT } from './planted.ts';

/** A fault that does nothing, and says so, or pretends. */
const nothing = (proved: boolean): Fault => ({
  name: 'nothing',
  text: 'do nothing',
  inject: async () => ({
    text: 'do nothing',
    targets: [],
    proof: { proved, text: 'nothing has changed' },
    heal: async () => ({ proved: true, text: 'nothing to undo' }),
  }),
});

export default planted({
  name: 'refused-proof',
  bug: 'The fault has no proof that it bit.',
  experiment: ({ hardened }) => ({
    topology: sentinel({ replicas: 0, sentinels: 1, quorum: 1 }),
    workloads: [addToSet({ name: 'writers', clients: 2, rate: { perSecond: 200 } })],
    nemesis: schedule(at(200).inject(nothing(hardened)).for(300)),
    load: SHORT,
    checks: [checks.set(), checks.vacuity()],
    expect: [{ check: 'set', verdict: 'valid', because: 'nothing was harmed' }],
  }),
});
