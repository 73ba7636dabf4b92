import { addToSet, at, checks, faults, schedule, sentinel } from 'failover-lab';
import { planted } from './planted.ts';

export default planted({
  name: 'refused-directive',
  bug: 'redis.conf has a line that Redis does not know.',
  experiment: ({ hardened }) => ({
    topology: sentinel({
      replicas: 0,
      sentinels: 1,
      quorum: 1,
      redis: hardened ? {} : { 'no-such-directive': 1 },
    }),
    workloads: [addToSet({ name: 'writers', clients: 1, rate: { perSecond: 100 } })],
    nemesis: schedule(at(0).inject(faults.pause('primary')).for(100)),
    checks: [checks.set()],
    expect: [{ check: 'set', verdict: 'valid', because: 'nothing was harmed' }],
  }),
});
