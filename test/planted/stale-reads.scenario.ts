import { at, checks, faults, schedule, sentinel, versionedRegisters } from 'failover-lab';
import { planted, SHORT, SMALLEST } from './planted.ts';

/** How late the replica is. */
const LAG_MS = 150;

export default planted({
  name: 'stale-reads',
  bug: 'Clients read from a replica that is late.',
  experiment: ({ hardened }) => ({
    topology: sentinel(SMALLEST),
    workloads: [
      versionedRegisters({
        name: 'registers',
        clients: 4,
        rate: { perSecond: 400 },
        readFrom: hardened ? 'primary' : 'replica',
      }),
    ],
    nemesis: schedule(
      at(200)
        .inject(faults.latency({ from: 'replicas', to: 'primary', latencyMs: LAG_MS, streams: 'replies' }))
        .for(1500),
    ),
    load: SHORT,
    checks: [checks.register(), checks.vacuity()],
    expect: [
      {
        check: 'register',
        verdict: hardened ? 'valid' : 'invalid',
        because: `the replica has a write ${LAG_MS} ms after it was acknowledged, the primary at once`,
      },
    ],
  }),
});
