import { addToSet, at, checks, defineScenario, demotion, faults, schedule, sentinel } from 'failover-lab';

export default defineScenario({
  name: 'manual-failover',
  title: 'A failover by hand, under writes',
  claim:
    'SENTINEL FAILOVER, typed by an operator on a healthy system, silently rolls back the writes of the next moments; a coordinated FAILOVER loses none.',
  variants: {
    vulnerable: 'SENTINEL FAILOVER: promotes a replica while the old primary goes on accepting writes.',
    hardened: 'FAILOVER on the primary: it stops writes until the replica has everything, then hands over.',
  },
  advice:
    'For planned work use FAILOVER on the primary (Redis 6.2 or later) and then point the Sentinels to the new one; in Valkey 9, SENTINEL FAILOVER … COORDINATED. The price: writes stand still for the hand-over, typically milliseconds.',
  settings: [
    { name: 'operator types', vulnerable: 'SENTINEL FAILOVER', hardened: 'FAILOVER TO …' },
    { name: 'reconnectOnError', vulnerable: 'none (default)', hardened: 'READONLY: reconnect and resend' },
  ],
  experiment({ hardened, timing }) {
    const fault = hardened ? faults.coordinatedFailover() : faults.sentinelFailover();
    return {
      topology: sentinel({}),
      workloads: [
        addToSet({
          name: 'writers',
          clients: 4,
          rate: { perSecond: 800 },
          // FAILOVER closes no connections: who is left on the old primary is told READONLY.
          redis: hardened
            ? { reconnectOnError: { codes: ['READONLY'], action: 'reconnect-and-resend' } }
            : {},
        }),
      ],
      nemesis: schedule(at(500).inject(fault).once(demotion, { withinMs: timing.demotionMs }).then(500)),
      checks: [
        checks.set(),
        checks.recovery({ mustRecoverWithinMs: timing.failoverBoundMs }),
        checks.availability(),
        checks.vacuity({ minimumRatePerSecond: 200, minimumWritesInWindow: 50 }),
      ],
      expect: hardened
        ? [
            {
              check: 'set',
              verdict: 'valid',
              because: 'the hand-over waits until the replica has every write',
            },
            { check: 'recovery', verdict: 'valid', because: 'clients follow the hand-over' },
          ]
        : [
            {
              check: 'set',
              verdict: 'invalid',
              figures: { lost: { min: 1 }, unexpected: { max: 0 } },
              because:
                'until it is demoted, the old primary acknowledges writes that nobody else will ever see',
            },
          ],
    };
  },
});
