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

/** Seconds after which a primary without replicas stops accepting writes; the smallest that Redis takes. */
const MAX_LAG_SECONDS = 1;

export default defineScenario({
  name: 'split-brain-isolated-primary',
  title: 'Split brain: a client beside the isolated primary',
  claim:
    'When the primary is cut off together with some clients, everything those clients are told is stored is thrown away once the network heals.',
  headline: true,
  variants: {
    vulnerable: 'Redis as it is installed: the isolated primary goes on accepting writes.',
    hardened: `The primary refuses writes once no replica has answered for ${MAX_LAG_SECONDS} s.`,
  },
  advice:
    'Set min-replicas-to-write 1 and min-replicas-max-lag on every data node. The price: with all replicas gone the primary refuses writes. It bounds the loss to a window and does not make it zero; WAIT with its answer checked narrows it further.',
  settings: [
    { name: 'min-replicas-to-write', vulnerable: '0 (default)', hardened: '1' },
    { name: 'min-replicas-max-lag', vulnerable: '10 (without effect)', hardened: String(MAX_LAG_SECONDS) },
  ],
  experiment({ hardened, timing }) {
    const isolationMs = timing.failoverBoundMs;
    return {
      topology: sentinel({
        redis: hardened ? { 'min-replicas-to-write': 1, 'min-replicas-max-lag': MAX_LAG_SECONDS } : {},
      }),
      workloads: [
        addToSet({ name: 'beside-primary', on: 'host-1', clients: 2, rate: { perSecond: 400 } }),
        addToSet({ name: 'majority', on: 'client-1', clients: 2, rate: { perSecond: 400 } }),
      ],
      nemesis: schedule(
        at(500).inject(faults.isolate('primary')).once(switchAnnounced, { withinMs: isolationMs }).then(1500),
      ),
      checks: [
        checks.set({ name: 'set', group: 'beside-primary' }),
        checks.set({ name: 'set-majority', group: 'majority' }),
        checks.recovery({ mustRecoverWithinMs: timing.failoverBoundMs }),
        checks.availability(),
        checks.vacuity({ minimumRatePerSecond: 200, minimumWritesInWindow: 50 }),
      ],
      expect: hardened
        ? [
            {
              check: 'set',
              verdict: 'any',
              figures: { lostAfterIsolationMs: { max: (MAX_LAG_SECONDS + 1) * 1000 + 500 } },
              because:
                'a lag counts in whole seconds and is looked at once a second, so writes stop within max-lag + 1 s',
            },
          ]
        : [
            {
              check: 'set',
              verdict: 'invalid',
              figures: { 'lostByCause.minority-primary': { min: 1 } },
              because: 'the isolated primary goes on acknowledging after another was promoted',
            },
          ],
    };
  },
});
