import { addToSet, at, checks, faults, schedule, sentinel, switchAnnounced } from 'failover-lab';
import { planted } from './planted.ts';

/**
 * The switch is announced after two seconds, or four where the first election has no winner; the heal comes a second later,
 * and clients need up to two more to get rid of their silent connections.
 */
const MUST_RECOVER_MS = 8000;

export default planted({
  name: 'no-failover',
  bug: 'There are two Sentinels, and one of them dies with the primary.',
  experiment: ({ hardened }) => ({
    topology: sentinel({
      replicas: 1,
      sentinels: hardened ? 3 : 2,
      quorum: hardened ? 2 : 1,
      timing: { downAfterMs: 500, failoverTimeoutMs: 1000 },
    }),
    workloads: [
      addToSet({
        name: 'writers',
        clients: 2,
        rate: { perSecond: 200 },
        redis: { failoverDetector: true, connectTimeout: 500 },
      }),
    ],
    nemesis: schedule(
      hardened
        ? at(200).inject(faults.crashHost('primary')).once(switchAnnounced, { withinMs: 8000 }).then(1000)
        : at(200)
            .inject(faults.crashHost('primary'))
            .for(MUST_RECOVER_MS + 300),
    ),
    load: { beforeMs: 300, afterMs: 1000 },
    checks: [
      checks.recovery({ mustRecoverWithinMs: MUST_RECOVER_MS }),
      checks.vacuity({ minimumWritesInWindow: 0 }),
    ],
    expect: [
      {
        check: 'recovery',
        verdict: hardened ? 'valid' : 'invalid',
        because: 'one of two Sentinels is no majority, two of three are',
      },
    ],
  }),
});
