import { addToSet, at, checks, faults, schedule, sentinel } from 'failover-lab';
import { planted, SHORT } from './planted.ts';

export default planted({
  name: 'cut-of-nothing',
  bug: 'The cut is between two hosts that have no link.',
  experiment: ({ hardened }) => ({
    topology: sentinel({ replicas: 0, sentinels: 1, quorum: 1 }),
    workloads: [addToSet({ name: 'writers', clients: 2, rate: { perSecond: 200 } })],
    clientHosts: [{ name: 'client-2' }],
    nemesis: schedule(
      at(200)
        .inject(faults.cut({ from: 'host:client-2', to: hardened ? 'primary' : 'host:client-1' }))
        .for(300),
    ),
    load: SHORT,
    checks: [checks.set(), checks.vacuity()],
    expect: [{ check: 'set', verdict: 'valid', because: 'nobody on that host writes' }],
  }),
});
