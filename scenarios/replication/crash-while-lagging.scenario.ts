import {
  addToSet,
  at,
  checks,
  defineScenario,
  faults,
  schedule,
  sentinel,
  switchAnnounced,
} from 'failover-lab';
import { attentive } from '../clients/attentive.ts';

/** How long replication stands still before the crash; well below down-after, so no Sentinel takes note. */
const STALL_MS = 400;
const REPLICAS = 2;
/** How long a client waits for the replicas' answers. */
const WAIT_MS = 300;
/** From the announced switch to the heal. */
const HEAL_AFTER_MS = 500;
/** From the heal to the last client: writes are confirmed only when the old primary is back as a replica, and clients back off. */
const CONFIRMED_WITHIN_MS = 3000;

export default defineScenario({
  name: 'crash-while-lagging',
  title: 'The primary crashes while replication lags',
  claim:
    'Writes that Redis acknowledged just before its primary died are gone after the failover, unless the client waits for the replicas and looks at the answer.',
  headline: true,
  variants: {
    vulnerable: 'Asynchronous replication, as installed: a write is acknowledged before any replica has it.',
    hardened: `Each write is followed by WAIT ${REPLICAS} and counts as stored only if both replicas confirm it.`,
  },
  advice:
    'Follow writes that must not vanish with WAIT and treat too small an answer as "unknown", not as success. Wait for all replicas: Sentinel may promote the one that has not confirmed. The price: a round trip to the slowest replica for each write, and no confirmed writes while a replica is away.',
  settings: [
    {
      name: 'client: after each write',
      vulnerable: 'nothing',
      hardened: `WAIT ${REPLICAS} ${WAIT_MS}, answer checked`,
    },
  ],
  experiment({ hardened, timing }) {
    return {
      topology: sentinel({ replicas: REPLICAS }),
      workloads: [
        addToSet({
          name: 'writers',
          clients: 32,
          pauseMs: 40,
          wait: hardened ? { replicas: REPLICAS, timeoutMs: WAIT_MS } : null,
          redis: { ...attentive, commandTimeout: 1000, socketTimeout: 1500 },
        }),
      ],
      nemesis: schedule(
        at(500)
          .inject(faults.cut({ from: 'replicas', to: 'primary', oneWay: true, streams: 'replies' }))
          .then(STALL_MS)
          .inject(faults.kill('primary'))
          .once(switchAnnounced, { withinMs: timing.failoverBoundMs })
          .then(HEAL_AFTER_MS),
      ),
      load: { afterMs: CONFIRMED_WITHIN_MS },
      checks: [
        checks.set(),
        checks.recovery({
          fault: 'kill',
          mustRecoverWithinMs: timing.failoverBoundMs + (hardened ? HEAL_AFTER_MS + CONFIRMED_WITHIN_MS : 0),
        }),
        checks.availability(),
        // Without replication nothing is confirmed, so what counts is that it was tried.
        checks.vacuity({
          // A confirmation takes what the machine takes, on a faster clock too.
          minimumRatePerSecond: hardened ? 50 : 100,
          minimumWritesInWindow: hardened ? 0 : 50,
          minimumAttemptsInWindow: 50,
        }),
      ],
      expect: hardened
        ? [
            {
              check: 'set',
              verdict: 'valid',
              because: 'every acknowledged write was on both replicas before the crash',
            },
            {
              check: 'recovery',
              verdict: 'valid',
              because: 'WAIT for both replicas must not keep anybody from recovering once both are there',
            },
          ]
        : [
            {
              check: 'set',
              verdict: 'invalid',
              figures: { 'lostByCause.unreplicated': { min: 1 }, unexpected: { max: 0 } },
              because: `what was acknowledged during the ${STALL_MS} ms without replication was on the dead primary alone`,
            },
          ],
    };
  },
});
