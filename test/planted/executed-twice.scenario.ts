import { at, type ClientOptions, checks, counters, faults, schedule, sentinel } from 'failover-lab';
import { planted } from './planted.ts';

/** What was under way when a connection broke is given up, and its caller is told so. */
const neverAgain: ClientOptions = { autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0 };

const reset = faults.reset({ from: 'clients', to: 'primary' });

export default planted({
  name: 'executed-twice',
  bug: 'The client sends increments again whose answers were lost.',
  experiment: ({ hardened }) => ({
    topology: sentinel({ replicas: 0, sentinels: 1, quorum: 1 }),
    workloads: [
      counters({
        name: 'counters',
        clients: 8,
        inFlight: 4,
        pauseMs: 5,
        redis: { retryDelay: { minMs: 20, maxMs: 100 }, ...(hardened ? neverAgain : {}) },
      }),
    ],
    // Toxiproxy resets a connection when an answer comes by: the command has been executed by then.
    nemesis: schedule(
      at(200).inject(reset).for(100).then(400).inject(reset).for(100).then(400).inject(reset).for(100),
    ),
    load: { beforeMs: 300, afterMs: 1000 },
    checks: [checks.counter(), checks.vacuity({ minimumWritesInWindow: 0 })],
    expect: [
      {
        check: 'counter',
        verdict: hardened ? 'valid' : 'invalid',
        because: 'an increment that is sent again runs twice',
      },
    ],
  }),
});
