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

const FAILOVER_TIMEOUT_MS = { vulnerable: 180_000, hardened: 10_000 };
/** Sentinel's default, which neither variant changes. */
const DOWN_AFTER_MS = 30_000;
/** Further elections after one that came to nothing are drawn apart by up to a second (SENTINEL_MAX_DESYNC), and need votes. */
const ELECTION_MS = 5000;

export default defineScenario({
  name: 'leader-dies',
  title: 'The Sentinel that leads the failover dies',
  claim:
    'When the Sentinel that was elected to lead a failover dies with it, the others wait for twice failover-timeout before they try again: six minutes without a primary by default.',
  variants: {
    vulnerable: 'failover-timeout as installed: three minutes.',
    hardened: 'failover-timeout of ten seconds.',
  },
  advice:
    'Lower failover-timeout to about twice what a failover takes with your data (10 to 30 s). The price: a replica that takes longer to load what it has to load is given up sooner, and the failover begins anew.',
  settings: [{ name: 'failover-timeout', vulnerable: '180000 (default)', hardened: '10000' }],
  timings: ['production'],
  // Six minutes, in lab time.
  speed: 20,
  experiment({ hardened }) {
    const failoverTimeoutMs = FAILOVER_TIMEOUT_MS[hardened ? 'hardened' : 'vulnerable'];
    const retryMs = 2 * failoverTimeoutMs;
    return {
      topology: sentinel({ timing: { failoverTimeoutMs }, redis: { appendonly: 'yes' } }),
      workloads: [
        addToSet({
          name: 'writers',
          clients: 2,
          rate: { perSecond: 20 },
          redis: { failoverDetector: true },
        }),
      ],
      nemesis: schedule(
        at(500)
          .inject(faults.kill('primary'))
          .then()
          .inject(faults.killLeader({ withinMs: DOWN_AFTER_MS + ELECTION_MS }))
          .until(switchAnnounced, { withinMs: retryMs + 4 * ELECTION_MS })
          .then(500),
      ),
      settleWithinMs: retryMs + DOWN_AFTER_MS,
      checks: [
        checks.set(),
        checks.recovery({ fault: 'kill', mustRecoverWithinMs: DOWN_AFTER_MS + retryMs + 4 * ELECTION_MS }),
        checks.availability(),
        checks.vacuity({ minimumRatePerSecond: 5, minimumWritesInWindow: 0 }),
      ],
      expect: [
        {
          check: 'recovery',
          verdict: 'valid',
          figures: hardened
            ? {
                failovers: { min: 1, max: 1 },
                promotionMs: { max: DOWN_AFTER_MS + retryMs + 4 * ELECTION_MS },
              }
            : { failovers: { min: 1, max: 1 }, promotionMs: { min: retryMs } },
          because: hardened
            ? 'down-after, then twice failover-timeout (sentinelStartFailoverIfNeeded), then an election'
            : 'nobody tries again within twice failover-timeout of the attempt that the others voted for (sentinel.c)',
        },
      ],
    };
  },
});
