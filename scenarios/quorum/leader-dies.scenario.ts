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
/** For so long a Sentinel stands back whose clock has leapt by 2 s, or that had to wait for 2 s: on a busy machine one may. */
const TILT_MS = 30_000;

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
  // Six minutes, in 36 seconds. Not faster: a Sentinel that a busy machine keeps waiting for two seconds of lab time stands
  // back for half a minute, and one that stood back during the vote is bound by no failover-timeout.
  speed: 10,
  experiment({ hardened }) {
    const failoverTimeoutMs = FAILOVER_TIMEOUT_MS[hardened ? 'hardened' : 'vulnerable'];
    const retryMs = 2 * failoverTimeoutMs;
    const boundMs = DOWN_AFTER_MS + retryMs + TILT_MS + 4 * ELECTION_MS;
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
          .inject(faults.killLeader({ withinMs: DOWN_AFTER_MS + TILT_MS + ELECTION_MS }))
          .until(switchAnnounced, { withinMs: retryMs + TILT_MS + 4 * ELECTION_MS })
          .then(500),
      ),
      settleWithinMs: retryMs + DOWN_AFTER_MS + TILT_MS,
      checks: [
        checks.set(),
        checks.recovery({ fault: 'kill', mustRecoverWithinMs: boundMs }),
        checks.availability(),
        // The claim is about minutes.
        checks.pace({ worstMs: 2 * ELECTION_MS, usualMs: ELECTION_MS / 2, maxBusyShare: 1 }),
        checks.vacuity({ minimumRatePerSecond: 5, minimumWritesInWindow: 0 }),
      ],
      expect: [
        hardened
          ? {
              check: 'recovery',
              verdict: 'valid',
              figures: { failovers: { min: 1, max: 1 }, promotionMs: { max: boundMs } },
              because:
                'down-after, then twice failover-timeout (sentinelStartFailoverIfNeeded), then an election; and half a minute where the machine made a Sentinel late',
            }
          : {
              check: 'recovery',
              // Two Sentinels are left, and begin again within a hundredth of a second: where each votes for itself, they
              // wait as long once more, and what ends it is that the old primary is back.
              verdict: 'any',
              figures: { firstClientMs: { min: retryMs } },
              because:
                'nobody tries again within twice failover-timeout of the attempt that the others voted for (sentinel.c)',
            },
      ],
    };
  },
});
