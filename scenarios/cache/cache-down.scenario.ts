import { at, checks, defineScenario, faults, schedule, standalone, users } from 'failover-lab';

/** How long Redis says nothing (its packets are lost), and how long it is dead. */
const SILENT_MS = 1600;
const DEAD_MS = 1400;
const VIEWS_PER_SECOND = 150;
/** When a user gives a request up. */
const PATIENCE_MS = 1000;
const READ_TIMEOUT_MS = 200;
/** How many reads of one instance may use the database at once, and how long others wait for their turn. */
const MAX_FILLS = 4;
const FILL_WAIT_MS = 500;
/** A view waits once for the cache, once for its turn. */
const ANSWER_BOUND_MS = READ_TIMEOUT_MS + FILL_WAIT_MS;
/** A view asks the database once at most, up to so much later than it came, so that as many meet within one second. */
const QUERIES_BOUND = VIEWS_PER_SECOND * (1 + ANSWER_BOUND_MS / 1000);
/** Views that began so early in a fault that their user gave up before its end; half of them, for users who were still waiting. */
const ERRORS_AT_LEAST = Math.floor(
  ((VIEWS_PER_SECOND / 1000) * (SILENT_MS - PATIENCE_MS + DEAD_MS - PATIENCE_MS)) / 2,
);

export default defineScenario({
  name: 'cache-down',
  title: 'The cache goes silent, then dies',
  claim:
    '"It is only a cache": without a timeout and a way past it, users of the catalogue wait until they give up whenever the cache is away, though the database is well.',
  headline: true,
  variants: {
    vulnerable: 'The cache is waited for: no timeout, no breaker, commands wait in the offline queue.',
    hardened: `An error or ${READ_TIMEOUT_MS} ms of silence mean the database; after 5 in a row the cache is left alone for a second; of each instance at most ${MAX_FILLS} reads use the database at once.`,
  },
  compare: [
    { check: 'users', figure: 'errorShareInFault', label: 'errors while it is away', unit: '' },
    { check: 'users', figure: 'p99InFaultMs', label: 'p99 while it is away', unit: 'ms' },
    { check: 'database', figure: 'baselinePerSecond', label: 'database queries before', unit: '/s' },
    { check: 'database', figure: 'peakPerSecond', label: 'database queries at their peak', unit: '/s' },
  ],
  advice:
    'Give reads of the cache a timeout of their own, go to the database when it passes, put a breaker in front, and cap what of it may reach the database at once. The price: the database has to bear the load of the catalogue as long as the cache is away, and whoever finds no place under the cap gets an old value or an error.',
  settings: [
    { name: 'cache.readTimeoutMs', vulnerable: 'null', hardened: String(READ_TIMEOUT_MS) },
    { name: 'cache.breaker', vulnerable: 'null', hardened: '5 failures, 1000 ms (default)' },
    { name: 'cache.maxFills', vulnerable: 'null', hardened: String(MAX_FILLS) },
    { name: 'clients.cache.offlineQueue', vulnerable: 'true (ioredis’ default)', hardened: 'false' },
    { name: 'clients.cache.maxRetriesPerRequest', vulnerable: '20 (ioredis’ default)', hardened: '1' },
    { name: 'clients.cache.socketTimeoutMs', vulnerable: 'null (ioredis’ default)', hardened: '2000' },
  ],
  experiment: ({ hardened }) => ({
    topology: standalone(),
    app: {
      instances: 2,
      settings: {
        cache: hardened
          ? { readTimeoutMs: READ_TIMEOUT_MS, maxFills: MAX_FILLS, fillWaitMs: FILL_WAIT_MS }
          : { readTimeoutMs: null, breaker: null, maxFills: null },
        clients: {
          cache: hardened
            ? {}
            : { offlineQueue: true, maxRetriesPerRequest: 20, socketTimeoutMs: null, resend: true },
        },
      },
    },
    workloads: [
      users({
        name: 'visitors',
        journeys: [
          {
            kind: 'catalogue',
            products: 200,
            perSecond: VIEWS_PER_SECOND,
            // As many as can be waiting at once, with some to spare.
            maxUsers: Math.ceil((VIEWS_PER_SECOND * PATIENCE_MS * 1.3) / 1000),
            requestTimeoutMs: PATIENCE_MS,
          },
        ],
      }),
    ],
    nemesis: schedule(
      at(200)
        .inject(faults.cut({ from: 'apps', to: 'primary', by: 'packets' }))
        .for(SILENT_MS)
        .then(300)
        .inject(faults.kill('primary'))
        .for(DEAD_MS),
    ),
    load: { beforeMs: 1000 },
    checks: [
      checks.users({
        recoveryMs: PATIENCE_MS,
        maxErrorShare: 0,
        maxErrorShareInFault: 0,
        p99InFaultMs: ANSWER_BOUND_MS,
      }),
      checks.stampede({ name: 'database', epochMs: 1, maxFillsPerEpoch: 1000 }),
      checks.vacuity({
        minimumRatePerSecond: VIEWS_PER_SECOND / 2,
        minimumWritesInWindow: 0,
        minimumAttemptsInWindow: ((VIEWS_PER_SECOND / 1000) * (SILENT_MS + DEAD_MS)) / 2,
      }),
    ],
    expect: hardened
      ? [
          {
            check: 'users',
            verdict: 'valid',
            because: `a view waits at most ${READ_TIMEOUT_MS} ms for the cache and ${FILL_WAIT_MS} ms for its turn at the database`,
          },
          {
            check: 'database',
            verdict: 'any',
            figures: { peakPerSecond: { max: QUERIES_BOUND } },
            because: `${VIEWS_PER_SECOND} views a second cost one query each at most; what waits up to ${ANSWER_BOUND_MS} ms may be added to a second`,
          },
        ]
      : [
          {
            check: 'users',
            verdict: 'invalid',
            figures: { errorsInFault: { min: ERRORS_AT_LEAST }, p99InFaultMs: { min: PATIENCE_MS * 0.97 } },
            because: `a view waits for the cache as long as it is away; whoever came more than ${PATIENCE_MS} ms before its return gave up`,
          },
        ],
  }),
});
