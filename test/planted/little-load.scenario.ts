import { addToSet, at, checks, schedule, sentinel } from 'failover-lab';
import { command, planted, SHORT } from './planted.ts';

export default planted({
  name: 'little-load',
  bug: 'There is too little load to say anything.',
  experiment: ({ hardened }) => ({
    topology: sentinel({ replicas: 0, sentinels: 1, quorum: 1 }),
    workloads: [addToSet({ name: 'writers', clients: 1, rate: { perSecond: hardened ? 200 : 10 } })],
    nemesis: schedule(
      at(200)
        .inject(command('SADD', 'somewhere-else', '1'))
        .for(300),
    ),
    load: SHORT,
    checks: [checks.set(), checks.vacuity({ minimumRatePerSecond: 100 })],
    expect: [{ check: 'set', verdict: 'valid', because: 'nothing was harmed' }],
  }),
});
