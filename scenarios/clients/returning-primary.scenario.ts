import {
  addToSet,
  at,
  checks,
  defineScenario,
  demotion,
  faults,
  schedule,
  sentinel,
  switchAnnounced,
} from 'failover-lab';
import { attentive, attentiveSettings } from './attentive.ts';

export default defineScenario({
  name: 'returning-primary',
  title: 'The old primary comes back and goes on accepting writes',
  claim:
    'A primary that returns after a failover does not know that it was replaced: until a Sentinel demotes it, it acknowledges writes that are then thrown away.',
  variants: {
    vulnerable:
      'ioredis as installed, Redis as installed: clients that hung on the old primary go on writing to it.',
    hardened:
      'Clients leave at the announced switch and reconnect on READONLY; a primary without replicas refuses writes.',
  },
  advice:
    'Let clients follow the switch (failoverDetector: true), leave a server that says READONLY (reconnectOnError), time out on commands; and set min-replicas-to-write 1, so that a primary whose replicas have left refuses writes. With stock periods Sentinel needs 8 to 15 s to demote a returning primary.',
  settings: [
    ...attentiveSettings,
    { name: 'min-replicas-to-write', vulnerable: '0 (default)', hardened: '1' },
    { name: 'min-replicas-max-lag', vulnerable: '10 (without effect)', hardened: '1' },
  ],
  experiment({ hardened, timing }) {
    return {
      topology: sentinel({
        redis: hardened ? { 'min-replicas-to-write': 1, 'min-replicas-max-lag': 1 } : {},
      }),
      workloads: [
        addToSet({
          name: 'writers',
          clients: 4,
          rate: { perSecond: 400 },
          redis: hardened ? attentive : {},
        }),
      ],
      nemesis: schedule(
        at(500)
          .inject(faults.pause('primary'))
          .until(switchAnnounced, { withinMs: timing.failoverBoundMs })
          .once(demotion, { withinMs: timing.demotionMs * 2 }),
      ),
      load: { afterMs: 2000 },
      checks: [
        checks.set(),
        checks.recovery({ mustRecoverWithinMs: timing.failoverBoundMs + timing.demotionMs }),
        checks.availability(),
        checks.vacuity({ minimumRatePerSecond: 100, minimumWritesInWindow: 0 }),
      ],
      expect: hardened
        ? [
            {
              check: 'set',
              verdict: 'valid',
              because: 'nobody writes to the old primary when it returns, and it would refuse',
            },
            { check: 'recovery', verdict: 'valid', because: 'every client follows the switch' },
          ]
        : [
            {
              check: 'set',
              verdict: 'invalid',
              figures: { 'lostByCause.minority-primary': { min: 1 } },
              because:
                'what the returned primary acknowledges before its demotion is thrown away by its resync',
            },
          ],
    };
  },
});
