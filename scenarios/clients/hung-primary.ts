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

/**
 * How long an attentive client needs at most once the switch is announced: a command that times out, a socket that
 * is given up, and the longest pause before the next attempt (500 + 1000 + 750 ms), and a margin for the machine.
 */
const CLIENT_MS = 2500;

/** A primary that hangs in one way or the other, until well after its successor was announced. */
export function hungPrimary({ hardened, timing }: ExperimentContext, fault: Fault): Experiment {
  const boundMs = timing.announceMs + CLIENT_MS;
  const availability: CheckSpec = checks.availability({ after: 'promotion', maxOutageMs: boundMs });
  return {
    topology: sentinel({}),
    workloads: [
      addToSet({ name: 'writers', clients: 4, rate: { perSecond: 400 }, redis: hardened ? attentive : {} }),
    ],
    nemesis: schedule(
      at(500)
        .inject(fault)
        .once(switchAnnounced, { withinMs: timing.failoverBoundMs })
        .then(boundMs + 500),
    ),
    checks: [
      availability,
      checks.recovery({ mustRecoverWithinMs: timing.failoverBoundMs }),
      checks.set(),
      // Hung clients drag the rate down after the heal too, for as long as TCP waits before it sends again.
      checks.vacuity({ minimumRatePerSecond: hardened ? 100 : 10, minimumWritesInWindow: hardened ? 50 : 0 }),
    ],
    expect: [
      hardened
        ? {
            check: 'availability',
            verdict: 'valid',
            because: `timeouts and the failover detector take every client to the new primary within ${boundMs} ms of the promotion`,
          }
        : {
            check: 'availability',
            verdict: 'invalid',
            figures: { longestOutageMs: { min: boundMs } },
            because:
              'a client without timeouts waits on its half-open connection for as long as the server hangs',
          },
    ],
  };
}
