import { addToSet, at, checks, faults, schedule, sentinel } from 'failover-lab';
import { planted } from './planted.ts';

export default planted({
  name: 'full-disk',
  bug: 'What is recorded does not fit on the disk.',
  experiment: () => ({
    topology: sentinel({ replicas: 0, sentinels: 1, quorum: 1, redis: { save: '' } }),
    workloads: [addToSet({ name: 'writers', clients: 4 })],
    // Far behind the moment at which the disk is full.
    nemesis: schedule(at(30_000).inject(faults.pause('primary')).for(100)),
    checks: [checks.set()],
    expect: [{ check: 'set', verdict: 'valid', because: 'nothing was harmed' }],
  }),
});
