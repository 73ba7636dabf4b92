import { addToSet, at, checks, schedule, sentinel } from 'failover-lab';
import { command, planted, SHORT } from './planted.ts';

export default planted({
  name: 'expired',
  bug: 'Somebody gives the set a time to live.',
  experiment: ({ hardened }) => ({
    topology: sentinel({ replicas: 0, sentinels: 1, quorum: 1 }),
    workloads: [addToSet({ name: 'writers', clients: 2, rate: { perSecond: 200 } })],
    nemesis: schedule(
      at(200)
        .inject(command('SADD', 'somewhere-else', '1'))
        .inject(command('PEXPIRE', hardened ? 'somewhere-else' : 'writers:0', '200'))
        .for(500),
    ),
    load: SHORT,
    checks: [checks.set(), checks.vacuity()],
    expect: [{ check: 'set', verdict: hardened ? 'valid' : 'invalid', because: 'what expires is gone' }],
  }),
});
