import { addToSet, at, checks, faults, schedule, sentinel } from 'failover-lab';
import { command, planted, SHORT } from './planted.ts';

/** The claim itself is wrong: what must fail does not, and what must not does. */
export default planted({
  name: 'wrong-claim',
  bug: 'The vulnerable variant has no weakness, and the hardened one breaks its bound.',
  experiment: ({ hardened }) => ({
    topology: sentinel({ replicas: 0, sentinels: 1, quorum: 1, redis: { save: '' } }),
    workloads: [addToSet({ name: 'writers', clients: 2, rate: { perSecond: 200 } })],
    nemesis: schedule(
      hardened
        ? at(200)
            .inject(faults.restart('primary', { data: 'lost' }))
            .then(500)
        : at(200)
            .inject(command('SADD', 'somewhere-else', '1'))
            .for(300),
    ),
    load: SHORT,
    checks: [checks.set(), checks.vacuity({ minimumWritesInWindow: 0 })],
    expect: [
      hardened
        ? {
            check: 'set',
            verdict: 'any',
            figures: { lost: { max: 5 } },
            because: 'so it was claimed',
          }
        : { check: 'set', verdict: 'invalid', because: 'so it was claimed' },
    ],
  }),
});
