import {
  addToSet,
  at,
  type CheckSpec,
  checks,
  type Experiment,
  type ExperimentContext,
  type Fault,
  schedule,
  sentinel,
  switchAnnounced,
} from 'failover-lab';
import { attentive } from './attentive.ts';

/** How long clients may need after the servers have recovered: their own timeout, a reconnect, and a margin. */
const FOLLOW_BOUND_MS = 2000;
/** How long the primary stays hung after the new one was announced. */
const HUNG_AFTER_SWITCH_MS = 3000;

/** A primary that hangs in one way or the other, until well after its successor was announced. */
export function hungPrimary({ hardened, timing }: ExperimentContext, fault: Fault): Experiment {
  const availability: CheckSpec = checks.availability({ after: 'promotion', maxOutageMs: FOLLOW_BOUND_MS });
  return {
    topology: sentinel({}),
    workloads: [
      addToSet({ name: 'writers', clients: 4, rate: { perSecond: 400 }, redis: hardened ? attentive : {} }),
    ],
    nemesis: schedule(
      at(500)
        .inject(fault)
        .once(switchAnnounced, { withinMs: timing.failoverBoundMs })
        .then(HUNG_AFTER_SWITCH_MS),
    ),
    checks: [
      availability,
      checks.recovery({ mustRecoverWithinMs: timing.failoverBoundMs }),
      checks.set(),
      checks.vacuity({ minimumRatePerSecond: 100, minimumWritesInWindow: hardened ? 100 : 0 }),
    ],
    expect: [
      hardened
        ? {
            check: 'availability',
            verdict: 'valid',
            because: `timeouts and the failover detector take every client to the new primary within ${FOLLOW_BOUND_MS} ms of the promotion`,
          }
        : {
            check: 'availability',
            verdict: 'invalid',
            figures: { longestOutageMs: { min: HUNG_AFTER_SWITCH_MS } },
            because:
              'a client without timeouts waits on its half-open connection for as long as the server hangs',
          },
    ],
  };
}
