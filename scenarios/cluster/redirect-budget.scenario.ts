import { addToSet, at, checks, cluster, defineScenario, faults, promotion, schedule } from 'failover-lab';

/** ioredis' defaults: `maxRedirections`, and milliseconds between tries (`retryDelayOnFailover`, `…OnClusterDown`). */
const DEFAULT_BUDGET = 16;
const RETRY_MS = 100;
/** The shortest node timeout that is longer than 16 × 100 ms, whatever else takes from the budget. */
const LEAST_NODE_TIMEOUT_MS = 2000;
/**
 * Beyond two node timeouts: a replica waits 500 ms plus up to 500 ms before it asks for votes (cluster.c,
 * clusterHandleSlaveFailover), looks at its clock ten times a second, and the machine may be busy.
 */
const ELECTION_MS = 2000;
const PER_SECOND = 300;

export default defineScenario({
  name: 'redirect-budget',
  title: 'The client gives up before the cluster has failed over',
  claim:
    'A cluster replaces a dead primary by itself, but clients with default settings give up on their commands after a second or so: users get "Too many Cluster redirections" while the election is still going on.',
  variants: {
    vulnerable: `ioredis as installed: a command is sent on at most ${DEFAULT_BUDGET} times, ${RETRY_MS} ms apart.`,
    hardened: 'The budget lasts longer than the node timeout and an election together.',
  },
  advice:
    'Make maxRedirections × retryDelayOnFailover longer than two cluster-node-timeouts plus 2 s, and count each try twice: ioredis tries a node at random, and the MOVED with which that one answers is taken from the same budget. The price: commands wait that long instead of failing, with everything that waits for them, and a command whose answer was lost is sent again, so it must not matter whether it runs twice. Where nobody may wait, keep the budget short, handle the error, and shorten cluster-node-timeout instead.',
  settings: [
    {
      name: 'ioredis Cluster: maxRedirections',
      vulnerable: `${DEFAULT_BUDGET} (default)`,
      hardened: '2 × (2 × cluster-node-timeout + 2000) / 100',
    },
  ],
  compare: [
    { check: 'redirects', figure: 'exhausted', label: 'commands given up', unit: '' },
    { check: 'redirects', figure: 'maxRedirects', label: 'sent on at most', unit: 'times' },
  ],
  experiment({ hardened, timing }) {
    const nodeTimeoutMs = Math.max(timing.nodeTimeoutMs, LEAST_NODE_TIMEOUT_MS);
    const awayMs = 2 * nodeTimeoutMs + ELECTION_MS;
    const budget = hardened ? Math.ceil((2 * awayMs) / RETRY_MS) : DEFAULT_BUDGET;
    return {
      topology: cluster({ timing: { nodeTimeoutMs } }),
      workloads: [
        addToSet({
          name: 'orders',
          clients: 4,
          keys: 30,
          rate: { perSecond: PER_SECOND },
          redis: hardened ? { maxRedirections: budget } : {},
        }),
      ],
      nemesis: schedule(
        at(500)
          .inject(faults.kill('primary'))
          .once(promotion, { withinMs: timing.failoverBoundMs })
          .then(1000),
      ),
      checks: [
        checks.redirects({ budget, maxExhausted: 0 }),
        checks.recovery({ mustRecoverWithinMs: awayMs + 1000 }),
        checks.slotCoverage(),
        checks.availability(),
        checks.vacuity({ minimumRatePerSecond: PER_SECOND / 2, minimumWritesInWindow: 100 }),
      ],
      expect: [
        hardened
          ? {
              check: 'redirects',
              verdict: 'valid',
              figures: { okAfterRedirect: { min: 1 } },
              because: 'the budget outlasts detection and election, though half of it goes to MOVED',
            }
          : {
              check: 'redirects',
              verdict: 'invalid',
              figures: { exhausted: { min: 10 } },
              because: `${DEFAULT_BUDGET} × ${RETRY_MS} ms are less than the node timeout of ${nodeTimeoutMs} ms, before which nobody may call the primary dead`,
            },
        {
          check: 'recovery',
          verdict: 'valid',
          because: 'two node timeouts for the majority to agree, then the election',
        },
      ],
    };
  },
});
