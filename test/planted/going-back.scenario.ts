import { at, checks, faults, schedule, sentinel, switchAnnounced, versionedRegisters } from 'failover-lab';
import { planted, SMALLEST } from './planted.ts';

export default planted({
  name: 'going-back',
  bug: 'A replica without the last moments is promoted.',
  experiment: ({ hardened, timing }) => ({
    topology: sentinel({ ...SMALLEST, redis: { appendonly: 'yes' } }),
    workloads: [
      versionedRegisters({
        name: 'registers',
        clients: 4,
        keys: 40,
        rate: { perSecond: 400 },
        redis: { failoverDetector: true },
      }),
    ],
    nemesis: schedule(
      hardened
        ? at(200).inject(faults.restart('primary', { data: 'kept' }))
        : at(200)
            .inject(faults.cut({ from: 'replicas', to: 'primary', oneWay: true, streams: 'replies' }))
            .then(400)
            .inject(faults.kill('primary'))
            .once(switchAnnounced, { withinMs: timing.failoverBoundMs }),
    ),
    load: { beforeMs: 300, afterMs: 1500 },
    checks: [checks.register(), checks.vacuity({ minimumWritesInWindow: 0 })],
    expect: [
      {
        check: 'register',
        verdict: hardened ? 'valid' : 'invalid',
        because: 'a restarted primary reads its log again, a promoted replica never had the last versions',
      },
    ],
  }),
});
