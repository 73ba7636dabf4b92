import { at, checks, counters, faults, schedule, sentinel } from 'failover-lab';
import { planted, SHORT, SMALLEST } from './planted.ts';

export default planted({
  name: 'lost-increments',
  bug: 'The primary keeps nothing on disk and restarts at once.',
  experiment: ({ hardened }) => ({
    topology: sentinel({ ...SMALLEST, redis: { save: '', appendonly: hardened ? 'yes' : 'no' } }),
    workloads: [
      counters({
        name: 'counters',
        clients: 2,
        rate: { perSecond: 200 },
        // Nothing runs twice, so that losses stand alone.
        redis: { autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0 },
      }),
    ],
    nemesis: schedule(
      at(200)
        .inject(faults.restart('primary', { data: 'kept' }))
        .then(1000),
    ),
    load: SHORT,
    checks: [checks.counter(), checks.vacuity({ minimumWritesInWindow: 0 })],
    expect: [
      {
        check: 'counter',
        verdict: hardened ? 'valid' : 'invalid',
        because: 'only the log survives a restart',
      },
    ],
  }),
});
