import {
  addToSet,
  at,
  checks,
  defineScenario,
  demotion,
  faults,
  type KnownDifference,
  schedule,
  sentinel,
} from 'failover-lab';

const losesWrites = {
  check: 'set',
  verdict: 'invalid',
  figures: { lost: { min: 1 }, unexpected: { max: 0 } },
  because: 'until it is demoted, the old primary acknowledges writes that nobody else will ever see',
} as const;

/** The hardened variant, where Sentinels do not know the word: they fail over as without it. */
const unknownWord = (on: KnownDifference['on']): KnownDifference => ({
  on,
  because:
    'its Sentinels know no COORDINATED, so the same order is a plain SENTINEL FAILOVER, which loses what the old primary goes on acknowledging',
  source: 'https://valkey.io/topics/sentinel/',
  expect: [losesWrites],
});

export default defineScenario({
  name: 'planned-failover',
  title: 'A planned failover by Sentinel, under writes',
  claim:
    'SENTINEL FAILOVER on a healthy system rolls back the writes of the next moments; with COORDINATED, which Valkey has from 9.0 on, the primary hands over and nothing is lost.',
  variants: {
    vulnerable: 'SENTINEL FAILOVER: promotes a replica while the old primary goes on accepting writes.',
    hardened: 'SENTINEL FAILOVER … COORDINATED: the primary hands over, and Sentinels follow by themselves.',
  },
  advice:
    'With Valkey 9 use SENTINEL FAILOVER … COORDINATED for planned work; elsewhere FAILOVER on the primary, and then point the Sentinels to the new one (manual-failover). The price: writes stand still until the chosen replica has acknowledged everything (replicas do so once a second) and its promotion is announced (the leading Sentinel looks once a second): up to 2 s.',
  settings: [
    {
      name: 'operator types',
      vulnerable: 'SENTINEL FAILOVER',
      hardened: 'SENTINEL FAILOVER … COORDINATED',
    },
  ],
  compare: [
    { check: 'set', figure: 'lost', label: 'acknowledged writes lost', unit: '' },
    { check: 'availability', figure: 'longestOutageMs', label: 'longest outage of a client', unit: 'ms' },
  ],
  experiment({ hardened, timing }) {
    const fault = faults.sentinelFailover({ coordinated: hardened });
    return {
      topology: sentinel({}),
      workloads: [
        addToSet({
          name: 'writers',
          clients: 4,
          rate: { perSecond: 800 },
          // A hand-over closes no connections: who is left on the old primary is told READONLY.
          redis: { reconnectOnError: { codes: ['READONLY'], action: 'reconnect-and-resend' } },
        }),
      ],
      nemesis: schedule(at(500).inject(fault).once(demotion, { withinMs: timing.demotionMs }).then(500)),
      checks: [
        checks.set(),
        checks.recovery({ mustRecoverWithinMs: timing.failoverBoundMs }),
        checks.availability(),
        checks.vacuity({ minimumRatePerSecond: 500 }),
      ],
      ...(hardened
        ? { differs: [unknownWord({ product: 'redis' }), unknownWord({ product: 'valkey', below: '9.0' })] }
        : {}),
      expect: hardened
        ? [
            {
              check: 'set',
              verdict: 'valid',
              figures: { acknowledged: { min: 500 } },
              because: 'the primary stops writes until its replica has everything, and then hands over',
            },
            { check: 'recovery', verdict: 'valid', because: 'clients follow the hand-over' },
          ]
        : [losesWrites],
    };
  },
});
