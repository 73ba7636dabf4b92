import { at, checks, defineScenario, faults, schedule, standalone, users } from 'failover-lab';

const UPDATES_PER_SECOND = 100;
/** The others look at a product. */
const UPDATE_SHARE = 0.8;
const PRODUCTS = 1000;
const INSTANCES = 2;
/** How often the database is told. */
const FLUSH_EVERY_MS = 2000;
/** When another instance takes over what a dead one had read from the stream. */
const CLAIM_AFTER_MS = 500;
/** How long the instance works between its start and its second death: it has flushed nothing until then. */
const LIVES_MS = 800;
/** One instance's updates while it lived; later updates of the same product, and a slow start, hide half of them. */
const LOST_AT_LEAST = Math.floor(((UPDATES_PER_SECOND / INSTANCES) * (LIVES_MS / 1000)) / 2);

export default defineScenario({
  name: 'write-behind-loss',
  title: 'An instance dies before its flush',
  claim:
    'With write-behind, updates that wait in an instance’s memory are confirmed to users and gone when the instance dies, and nobody is told.',
  variants: {
    vulnerable: 'Acknowledged updates wait in the process for the next flush.',
    hardened:
      'They wait in a stream on a Redis with an append-only file, written in the same step; any instance takes them to the database.',
  },
  mitigations: {
    stream:
      'The stream without the append-only file: what the death of an instance does not lose, that of Redis does.',
  },
  compare: [
    { check: 'cache', figure: 'lostUpdates', label: 'acknowledged updates lost', unit: '' },
    { check: 'users', figure: 'p50Ms', label: 'median answer', unit: 'ms' },
    { check: 'users', figure: 'p99Ms', label: 'p99', unit: 'ms' },
  ],
  advice:
    'Where an update may wait at all, let it wait outside the process: in a stream on a Redis with appendonly yes, appended in the same script that changes the cached value, read by a consumer group, acknowledged after the database has it. The price: each update waits for the disk with appendfsync always. With everysec a dying Redis process loses nothing either, because the system has what was written; a machine that loses power loses the last second or two. And a failover loses what the replica did not have: that takes WAIT.',
  settings: [
    { name: 'cache.writeBehind.buffer', vulnerable: 'memory', hardened: 'stream (default)' },
    { name: 'appendonly', vulnerable: 'no', hardened: 'yes' },
    { name: 'appendfsync', vulnerable: 'without effect', hardened: 'always' },
  ],
  experiment: ({ hardened, mitigation }) => ({
    topology: standalone({
      redis: {
        save: '',
        ...(hardened ? { appendonly: 'yes', appendfsync: 'always' } : { appendonly: 'no' }),
      },
    }),
    app: {
      instances: INSTANCES,
      settings: {
        cache: {
          strategy: 'write-behind',
          writeBehind: {
            buffer: hardened || mitigation === 'stream' ? 'stream' : 'memory',
            flushEveryMs: FLUSH_EVERY_MS,
            claimAfterMs: CLAIM_AFTER_MS,
          },
        },
      },
    },
    workloads: [
      users({
        name: 'editors',
        journeys: [
          {
            kind: 'catalogue',
            products: PRODUCTS,
            // All products alike, so that few updates are followed by another of the same product.
            exponent: 0,
            updateShare: UPDATE_SHARE,
            perSecond: UPDATES_PER_SECOND / UPDATE_SHARE,
            balance: 'round-robin',
            requestTimeoutMs: 1000,
          },
        ],
      }),
    ],
    nemesis: schedule(
      at(200)
        // The first death starts the instance's clock: of its life until the second one it is known how long it was.
        .inject(faults.restart('node:app-1', { data: 'lost' }))
        .then(LIVES_MS)
        .inject(faults.restart('node:app-1', { data: 'lost' }))
        .then(100)
        .inject(faults.restart('primary', { data: 'kept' })),
    ),
    checks: [
      checks.cache({ properties: ['lost-updates'] }),
      checks.users({ operations: ['update'] }),
      checks.vacuity({
        minimumRatePerSecond: UPDATES_PER_SECOND / 4,
        minimumWritesInWindow: 0,
        minimumAttemptsInWindow: (UPDATES_PER_SECOND * LIVES_MS) / 1000 / 2,
      }),
    ],
    expect: [
      hardened
        ? {
            check: 'cache',
            verdict: 'valid',
            figures: { lostUpdates: { max: 0 }, updates: { min: LOST_AT_LEAST * INSTANCES } },
            because:
              'what was acknowledged is in the log of Redis, and the other instance, or the next one, takes it to the database',
          }
        : mitigation === 'stream'
          ? {
              check: 'cache',
              verdict: 'any',
              because:
                'the deaths of the instance lose nothing; the restart of Redis loses what no instance had taken from the stream, which is between nothing and all since the last flush',
            }
          : {
              check: 'cache',
              verdict: 'invalid',
              figures: { lostUpdates: { min: LOST_AT_LEAST } },
              because: `the instance lived for ${LIVES_MS} ms, took ${UPDATES_PER_SECOND / INSTANCES} updates a second, and would have flushed for the first time after ${FLUSH_EVERY_MS} ms`,
            },
    ],
  }),
});
