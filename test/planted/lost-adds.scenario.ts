import { addToSet, at, checks, faults, schedule, sentinel } from 'failover-lab';
import { planted, SHORT, SMALLEST } from './planted.ts';

export default planted({
  name: 'lost-adds',
  bug: 'The primary keeps nothing on disk and restarts at once.',
  experiment: ({ hardened }) => ({
    topology: sentinel({ ...SMALLEST, redis: { save: '', appendonly: hardened ? 'yes' : 'no' } }),
    workloads: [addToSet({ name: 'writers', clients: 2, rate: { perSecond: 200 } })],
    nemesis: schedule(
      at(200)
        .inject(faults.restart('primary', { data: 'kept' }))
        .then(1000),
    ),
    load: SHORT,
    checks: [checks.set(), checks.vacuity({ minimumWritesInWindow: 0 })],
    expect: [
      { check: 'set', verdict: hardened ? 'valid' : 'invalid', because: 'only the log survives a restart' },
    ],
  }),
});
