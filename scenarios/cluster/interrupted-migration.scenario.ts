import {
  addToSet,
  at,
  checks,
  cluster,
  defineScenario,
  faults,
  type KnownDifference,
  promotion,
  schedule,
} from 'failover-lab';

/** The keys of one slot, by their hash tag. */
const TAG = 'tenant';
const KEYS = 40;
const MOVED = 20;
/** How long the migration stands still, under load, before anything else happens. */
const HALTED_MS = 500;
const PER_SECOND = 400;

const sentOn = {
  check: 'redirects',
  verdict: 'valid',
  figures: { redirected: { min: 1 } },
  because: 'while the migration stands still, commands on moved keys are sent on by ASK',
} as const;

/** The vulnerable variant, where replicas know that a slot is on the move. */
const carriedOver: KnownDifference = {
  on: { product: 'valkey', since: '8.0' },
  because:
    'its primaries tell their replicas that a slot is on the move (CLUSTER SETSLOT is replicated), so the promoted one goes on sending clients to where the moved keys are: nothing is lost',
  source: 'https://github.com/valkey-io/valkey/pull/445',
  expect: [
    {
      check: 'set',
      verdict: 'valid',
      figures: { acknowledged: { min: PER_SECOND } },
      because: 'the promoted replica has the migration’s state from its primary',
    },
    sentOn,
  ],
};

export default defineScenario({
  name: 'interrupted-migration',
  title: 'A migration that stopped half-way, and then a failover',
  claim:
    'A slot whose migration stopped half-way looks healthy, since clients are sent on to wherever a key is; but in Redis the first failover of its old owner, even a planned one, makes every key that had already been moved vanish.',
  variants: {
    vulnerable: 'The migration is left half-way while its source fails over, as planned maintenance does.',
    hardened: 'The migration is resumed and completed first.',
  },
  advice:
    'Watch for open slots ([slot->-node] in CLUSTER NODES, redis-cli --cluster check) and finish or undo a migration that was interrupted before any failover, restart or upgrade of the two nodes. The price: resharding becomes an operation that somebody has to watch to its end. Redis does not tell replicas that a slot is on the move; Valkey from 8.0 on does.',
  settings: [
    {
      name: 'before CLUSTER FAILOVER of the source',
      vulnerable: 'nothing',
      hardened: 'the rest of the keys moved, CLUSTER SETSLOT … NODE',
    },
  ],
  compare: [
    { check: 'set', figure: 'lost', label: 'acknowledged writes lost', unit: '' },
    { check: 'redirects', figure: 'redirected', label: 'commands sent on', unit: '' },
  ],
  experiment({ hardened, timing }) {
    const move = faults.moveSlots({
      slots: [{ key: `{${TAG}}` }],
      to: 'node:redis-1',
      haltAfterKeys: MOVED,
    });
    const failover = faults.clusterFailover('replicas of node redis-3');
    return {
      topology: cluster(),
      workloads: [
        addToSet({
          name: 'orders',
          clients: 4,
          keys: KEYS,
          keySlots: { tag: TAG },
          rate: { perSecond: PER_SECOND },
        }),
      ],
      nemesis: hardened
        ? schedule(at(500).inject(move).for(HALTED_MS).inject(failover).then(500))
        : schedule(
            at(500)
              .inject(move)
              .then(HALTED_MS)
              .inject(failover)
              .once(promotion, { withinMs: timing.failoverBoundMs })
              .then(500),
          ),
      checks: [
        checks.set(),
        checks.redirects(),
        checks.availability(),
        // Nobody falls silent here: as long as no node is taken for dead, it does not matter who is late.
        checks.pace({ worstMs: timing.nodeTimeoutMs / 4, usualMs: timing.nodeTimeoutMs / 10 }),
        checks.vacuity({ minimumRatePerSecond: PER_SECOND / 2, minimumWritesInWindow: 50 }),
      ],
      ...(hardened ? {} : { differs: [carriedOver] }),
      expect: [
        hardened
          ? {
              check: 'set',
              verdict: 'valid',
              figures: { acknowledged: { min: PER_SECOND } },
              because: 'all keys are with their new owner, and a planned failover loses nothing by itself',
            }
          : {
              check: 'set',
              verdict: 'invalid',
              figures: { 'lostByCause.open-move': { min: MOVED }, 'lostByCause.unexplained': { max: 0 } },
              because:
                'the promoted replica never heard that the slot was on the move (cluster.c tells replicas nothing of MIGRATING), answers for all of its keys, and has no longer those that were moved',
            },
        sentOn,
      ],
    };
  },
});
