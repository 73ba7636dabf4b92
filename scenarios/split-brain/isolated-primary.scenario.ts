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

/** The smallest value that Redis takes. */
const MAX_LAG_SECONDS = 1;
/**
 * When the last write may be accepted after the isolation: lags count in whole seconds, so a replica is late after
 * up to max-lag + 1 s, and that is looked at once a second (replication.c, refreshGoodSlavesCount, called by
 * replicationCron). The rest is for a busy machine's timers.
 */
const LOSS_BOUND_MS = (MAX_LAG_SECONDS + 1 + 1) * 1000 + 300;

export default defineScenario({
  name: 'split-brain',
  title: 'Split brain: a client beside the isolated primary',
  claim:
    'When the primary is cut off together with some clients, everything those clients are told is stored is thrown away once the network heals.',
  headline: true,
  variants: {
    vulnerable:
      'Redis as installed: the isolated primary goes on accepting writes for as long as the network is cut.',
    hardened: `The primary refuses writes once no replica has answered for ${MAX_LAG_SECONDS} s, which bounds the loss to ${LOSS_BOUND_MS / 1000} s of writes.`,
  },
  advice:
    'Set min-replicas-to-write 1 and a small min-replicas-max-lag on every data node. The price: with all replicas gone the primary refuses writes too. It bounds the loss to a window of max-lag + 2 s and does not make it zero; WAIT with its answer checked does, write by write.',
  settings: [
    { name: 'min-replicas-to-write', vulnerable: '0 (default)', hardened: '1' },
    { name: 'min-replicas-max-lag', vulnerable: '10 (without effect)', hardened: String(MAX_LAG_SECONDS) },
  ],
  experiment({ hardened, timing }) {
    return {
      topology: sentinel({
        redis: hardened ? { 'min-replicas-to-write': 1, 'min-replicas-max-lag': MAX_LAG_SECONDS } : {},
      }),
      workloads: [
        addToSet({ name: 'beside-primary', on: 'host-1', clients: 2, rate: { perSecond: 400 } }),
        addToSet({
          name: 'majority',
          on: 'client-1',
          clients: 2,
          rate: { perSecond: 400 },
          redis: attentive,
        }),
      ],
      nemesis: schedule(
        at(500)
          .inject(faults.isolate('primary'))
          .once(switchAnnounced, { withinMs: timing.failoverBoundMs })
          // So long that the vulnerable variant outlasts the hardened one's bound in any case.
          .then(LOSS_BOUND_MS),
      ),
      checks: [
        checks.set({ group: 'beside-primary' }),
        checks.set({ name: 'set-majority', group: 'majority' }),
        checks.recovery({ group: 'majority', mustRecoverWithinMs: timing.failoverBoundMs }),
        checks.availability({ group: 'majority' }),
        checks.vacuity({ minimumRatePerSecond: 200, minimumWritesInWindow: 100 }),
      ],
      expect: [
        hardened
          ? {
              check: 'set',
              verdict: 'any',
              figures: { lostAfterIsolationMs: { max: LOSS_BOUND_MS }, unexpected: { max: 0 } },
              because: `writes end at most max-lag + 2 s after the isolation (${LOSS_BOUND_MS} ms with the machine's own delays)`,
            }
          : {
              check: 'set',
              verdict: 'invalid',
              figures: {
                'lostByCause.minority-primary': { min: 1 },
                lostAfterIsolationMs: { min: LOSS_BOUND_MS },
              },
              because:
                'the isolated primary goes on acknowledging after another was promoted, until the heal',
            },
        {
          check: 'recovery',
          verdict: 'valid',
          because: 'the majority fails over whatever the minority does',
        },
      ],
    };
  },
});
