import { addToSet, at, checks, cluster, defineScenario, faults, promotion, schedule } from 'failover-lab';
import { replacedWithinMs, suspectedAfterMs, suspectedWithinMs } from './bounds.ts';
import { following } from './following.ts';

/** How long a client waits for the replica's answer. */
const WAIT_MS = 300;
/** Slots of redis-1, one third of all. */
const SLOTS_OF_THE_ISOLATED = { ranges: [[0, 5460]] } as const;

export default defineScenario({
  name: 'minority-writes',
  title: 'Clients beside a cluster’s isolated primary',
  claim:
    'A primary that is cut off from its cluster goes on telling the clients beside it that their writes are stored, for about the node timeout (15 s by default), and all of them are thrown away.',
  variants: {
    vulnerable:
      'Redis Cluster as installed: the isolated primary acknowledges until it has missed the others for a node timeout.',
    hardened: 'Each write is followed by WAIT 1 and counts as stored only if the replica confirms it.',
  },
  advice:
    'Follow writes that must not vanish with WAIT, for all replicas of a shard, and treat too small an answer as "unknown", not as success. The price: a round trip to the replica for each write, and no confirmed writes while it is away. A shorter cluster-node-timeout makes the window smaller and does not close it, and a node that only hangs for so long is then replaced too.',
  settings: [
    {
      name: 'client: after each write',
      vulnerable: 'nothing',
      hardened: `WAIT 1 ${WAIT_MS}, answer checked`,
    },
  ],
  compare: [
    { check: 'set', figure: 'lost', label: 'acknowledged writes lost', unit: '' },
    {
      check: 'set',
      figure: 'lostAfterIsolationMs',
      label: 'last of them after the isolation',
      unit: 'ms',
    },
  ],
  headline: true,
  experiment({ hardened, timing }) {
    const { nodeTimeoutMs } = timing;
    return {
      topology: cluster(),
      workloads: [
        addToSet({
          name: 'beside',
          on: 'host-1',
          clients: 16,
          pauseMs: 40,
          keySlots: SLOTS_OF_THE_ISOLATED,
          wait: hardened ? { replicas: 1, timeoutMs: WAIT_MS } : null,
        }),
        addToSet({
          name: 'elsewhere',
          clients: 4,
          pauseMs: 40,
          keySlots: SLOTS_OF_THE_ISOLATED,
          wait: hardened ? { replicas: 1, timeoutMs: WAIT_MS } : null,
          redis: following,
        }),
      ],
      nemesis: schedule(
        at(500)
          .inject(faults.isolate('primary of slot 0'))
          .once(promotion, { withinMs: replacedWithinMs(nodeTimeoutMs) })
          // So long that the isolated primary has certainly stopped by itself.
          .then(nodeTimeoutMs),
      ),
      checks: [
        checks.set({ group: 'beside' }),
        checks.set({ name: 'set-elsewhere', group: 'elsewhere' }),
        checks.recovery({ group: 'elsewhere' }),
        checks.slotCoverage(),
        checks.vacuity({
          group: 'beside',
          // As many in a node timeout whatever that is: on a clock that goes faster clients are no faster than before.
          minimumRatePerSecond: Math.round(100_000 / nodeTimeoutMs),
          minimumWritesInWindow: hardened ? 0 : 50,
          minimumAttemptsInWindow: 50,
        }),
      ],
      expect: [
        hardened
          ? {
              check: 'set',
              verdict: 'valid',
              because: 'what was confirmed is on the replica, which is the one that was promoted',
            }
          : {
              check: 'set',
              verdict: 'invalid',
              figures: {
                'lostByCause.minority-primary': { min: 50 },
                lostAfterIsolationMs: {
                  min: suspectedAfterMs(nodeTimeoutMs),
                  max: suspectedWithinMs(nodeTimeoutMs),
                },
              },
              because: `a primary refuses writes (CLUSTERDOWN) once it suspects a majority of the primaries: a node timeout (${nodeTimeoutMs} ms) after a ping without answer, and pings are half of one apart`,
            },
        {
          check: 'recovery',
          verdict: 'any',
          figures: { failovers: { min: 1 }, promotionMs: { max: replacedWithinMs(nodeTimeoutMs) } },
          because: 'two of three primaries are a majority, and vote for the replica',
        },
      ],
    };
  },
});
