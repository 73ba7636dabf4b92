import { addToSet, at, checks, faults, schedule, sentinel } from 'failover-lab';
import { planted, SHORT } from './planted.ts';

const MAX_OUTAGE_MS = 1000;

export default planted({
  name: 'outage',
  bug: 'The primary stands still for longer than clients may have to wait.',
  experiment: ({ hardened }) => ({
    topology: sentinel({ replicas: 0, sentinels: 1, quorum: 1, timing: { downAfterMs: 10_000 } }),
    workloads: [addToSet({ name: 'writers', clients: 2, rate: { perSecond: 200 } })],
    nemesis: schedule(
      at(200)
        .inject(faults.pause('primary'))
        .for(hardened ? 300 : MAX_OUTAGE_MS + 500),
    ),
    load: SHORT,
    checks: [
      checks.availability({ maxOutageMs: MAX_OUTAGE_MS }),
      checks.vacuity({ minimumWritesInWindow: 0 }),
    ],
    expect: [
      {
        check: 'availability',
        verdict: hardened ? 'valid' : 'invalid',
        because: 'an outage lasts as long as the pause',
      },
    ],
  }),
});
