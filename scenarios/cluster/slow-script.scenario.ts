import { addToSet, at, checks, cluster, defineScenario, faults, promotion, schedule } from 'failover-lab';
import { suspectedWithinMs } from './bounds.ts';

/** Short, as it is made where failovers are to be quick. It is the matter here, so it is the same under all timings. */
const NODE_TIMEOUT_MS = 1000;
/** Redis' default is 5000. */
const YIELDS_AFTER_MS = 250;
/**
 * Long enough that a replica has taken over when it ends: suspicion, half a node timeout until the majority agrees, up
 * to 1 s until the replica asks for votes. Below 5 s, where Redis would answer by itself.
 */
const SCRIPT_MS = suspectedWithinMs(NODE_TIMEOUT_MS) + 0.5 * NODE_TIMEOUT_MS + 1000 + 500;
const PER_SECOND = 100;
/** Half of what comes meanwhile, for a busy machine. */
const LOST_AT_LEAST = Math.floor((PER_SECOND * SCRIPT_MS) / 1000 / 2);

export default defineScenario({
  name: 'slow-script',
  title: 'A slow script costs a healthy primary its place',
  claim:
    'A primary that computes for longer than the node timeout is taken for dead and replaced; when its script ends it acknowledges everything that had piled up meanwhile, and then throws it away.',
  variants: {
    vulnerable: `A node timeout of ${NODE_TIMEOUT_MS} ms, and a Lua script may run for 5 s before the server listens to anybody else.`,
    hardened: `The server listens again after ${YIELDS_AFTER_MS} ms of a script, well before the node timeout.`,
  },
  advice:
    'Bound scripts first: work in portions of a few milliseconds, one call each (the price: they are no longer one step). And keep busy-reply-threshold (lua-time-limit before Redis 7) well below cluster-node-timeout: from then on a node in the middle of a script answers the cluster’s bus. Its price: clients of that shard get -BUSY at once instead of a late answer, so they have to try again. A longer node timeout helps as well, and a dead primary is missed for that much longer. None of this helps against one slow command (KEYS, a big SUNION, a big DEL): only scripts and functions yield.',
  settings: [
    { name: 'busy-reply-threshold', vulnerable: '5000 (default)', hardened: String(YIELDS_AFTER_MS) },
    {
      name: 'cluster-node-timeout',
      vulnerable: `${NODE_TIMEOUT_MS} (default: 15000)`,
      hardened: String(NODE_TIMEOUT_MS),
    },
  ],
  compare: [
    { check: 'recovery', figure: 'failovers', label: 'promotions', unit: '' },
    { check: 'set', figure: 'lost', label: 'acknowledged writes lost', unit: '' },
    { check: 'availability', figure: 'overallLongestOutageMs', label: 'other shards away', unit: 'ms' },
  ],
  experiment({ hardened }) {
    const line = at(300).inject(faults.slowScript('primary of slot 0', { ms: SCRIPT_MS }));
    const orders = { clients: 4, keys: 12, rate: { perSecond: PER_SECOND } };
    return {
      topology: cluster({
        timing: { nodeTimeoutMs: NODE_TIMEOUT_MS },
        redis: hardened ? { 'busy-reply-threshold': YIELDS_AFTER_MS } : {},
      }),
      workloads: [
        // All their keys are with one shard, as with a hash tag for each tenant: nobody else can tell them that it was
        // replaced, so they wait for it with ioredis as installed.
        addToSet({ ...orders, name: 'tenant', keySlots: { ranges: [[0, 5460]] } }),
        addToSet({ ...orders, name: 'others', keySlots: { ranges: [[5461, 16_383]] } }),
      ],
      nemesis: schedule(hardened ? line : line.once(promotion, { withinMs: SCRIPT_MS })),
      load: { beforeMs: 300, afterMs: 500 },
      checks: [
        checks.set(),
        checks.recovery({ mustNotFailOver: true }),
        checks.redirects({ name: 'other-shards', group: 'others' }),
        checks.availability({ group: 'others' }),
        checks.slotCoverage(),
        // Seconds of a script against a second, and in the other variant a quarter of one.
        checks.pace({ worstMs: YIELDS_AFTER_MS, usualMs: YIELDS_AFTER_MS / 2 }),
        checks.vacuity({ minimumRatePerSecond: PER_SECOND, minimumWritesInWindow: 100 }),
      ],
      expect: hardened
        ? [
            {
              check: 'recovery',
              verdict: 'valid',
              figures: { failovers: { max: 0 } },
              because: `after ${YIELDS_AFTER_MS} ms the script lets the server look at its sockets again and again (script.c, scriptInterrupt), so that the others’ pings are answered`,
            },
            { check: 'set', verdict: 'valid', because: 'what comes meanwhile is refused with -BUSY' },
            {
              check: 'other-shards',
              verdict: 'any',
              figures: { redirected: { max: 0 } },
              because: 'nobody suspects it, so no other shard ever refuses anything',
            },
          ]
        : [
            {
              check: 'recovery',
              verdict: 'invalid',
              figures: { failovers: { min: 1 } },
              because: `nobody answers pings for ${SCRIPT_MS} ms, and after ${NODE_TIMEOUT_MS} ms the majority takes it for dead`,
            },
            {
              check: 'set',
              verdict: 'invalid',
              figures: { 'lostByCause.minority-primary': { min: LOST_AT_LEAST } },
              because: `when the script ends the server does what has piled up (${PER_SECOND} writes/s), and says so, before it reads on the bus that it was replaced; then it copies the new primary`,
            },
            {
              check: 'other-shards',
              verdict: 'any',
              figures: { redirected: { min: 1 } },
              because:
                'from its declaration to the promotion, half a second at the least, a slot has no owner, so all shards refuse (cluster-require-full-coverage)',
            },
          ],
    };
  },
});
