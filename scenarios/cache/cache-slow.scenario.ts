import { at, checks, defineScenario, faults, schedule, standalone, users } from 'failover-lab';

/** What the way to the cache and the way back take longer, each. */
const SLOWER_MS = 600;
const ROUND_TRIP_MS = 2 * SLOWER_MS;
/** So long that most of what is asked meanwhile is also answered meanwhile. */
const LASTS_MS = 3 * ROUND_TRIP_MS;
const VIEWS_PER_SECOND = 150;
const READ_TIMEOUT_MS = 200;
const FILL_WAIT_MS = 500;
const ANSWER_BOUND_MS = READ_TIMEOUT_MS + FILL_WAIT_MS;
/** Each view asks the database at most once, and up to so much later than it came. */
const QUERIES_BOUND = VIEWS_PER_SECOND * (1 + ANSWER_BOUND_MS / 1000);
const BREAKER = { failures: 5, openMs: 1000 };
/** Quantiles are right to ± 3 %. */
const QUANTILE = 0.97;

export default defineScenario({
  name: 'cache-slow',
  title: 'The cache answers, but slowly',
  claim:
    'A cache that has become slow makes every page slow that it was to make fast, and no error tells anybody, unless reads have a short timeout and a breaker.',
  variants: {
    vulnerable: 'However long the cache takes, its answer is waited for.',
    hardened: `After ${READ_TIMEOUT_MS} ms the database is asked; after ${BREAKER.failures} such reads in a row the cache is left alone for ${BREAKER.openMs} ms.`,
  },
  mitigations: {
    timeout: `Reads end after ${READ_TIMEOUT_MS} ms, but there is no breaker: each view waits as long first.`,
  },
  compare: [
    { check: 'users', figure: 'p50InFaultMs', label: 'median while it is slow', unit: 'ms' },
    { check: 'users', figure: 'p99InFaultMs', label: 'p99 while it is slow', unit: 'ms' },
    { check: 'users', figure: 'errorShareInFault', label: 'errors while it is slow', unit: '' },
    { check: 'database', figure: 'baselinePerSecond', label: 'database queries before', unit: '/s' },
    { check: 'database', figure: 'peakPerSecond', label: 'database queries at their peak', unit: '/s' },
  ],
  advice:
    'Give reads of the cache a timeout below what users notice, and a breaker, so that not every read waits for it. The price: as long as the cache is slow, the database bears the load of the catalogue, so cap what may reach it at once; and a slow moment of a healthy cache costs a query too.',
  settings: [
    { name: 'cache.readTimeoutMs', vulnerable: 'null', hardened: String(READ_TIMEOUT_MS) },
    {
      name: 'cache.breaker',
      vulnerable: 'null',
      hardened: `${BREAKER.failures} failures, ${BREAKER.openMs} ms`,
    },
    { name: 'clients.cache.socketTimeoutMs', vulnerable: 'null (ioredis’ default)', hardened: '2000' },
  ],
  experiment: ({ hardened, mitigation }) => ({
    topology: standalone(),
    app: {
      instances: 2,
      settings: {
        cache: {
          readTimeoutMs: hardened || mitigation === 'timeout' ? READ_TIMEOUT_MS : null,
          breaker: hardened ? BREAKER : null,
          fillWaitMs: FILL_WAIT_MS,
        },
        clients: { cache: { socketTimeoutMs: hardened ? 2000 : null } },
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
            // As many as wait at once when each waits for two round trips, as misses do.
            maxUsers: Math.ceil((VIEWS_PER_SECOND * 2 * ROUND_TRIP_MS) / 1000),
            // Nobody gives up: the longest way is a look, another one after waiting for the lease, and the storing.
            requestTimeoutMs: 4 * ROUND_TRIP_MS,
          },
        ],
      }),
    ],
    nemesis: schedule(
      at(200)
        .inject(faults.latency({ from: 'apps', to: 'primary', latencyMs: SLOWER_MS }))
        .for(LASTS_MS),
    ),
    load: { beforeMs: 1000 },
    checks: [
      checks.users({
        recoveryMs: 0,
        maxErrorShare: 0,
        maxErrorShareInFault: 0,
        p99InFaultMs: ANSWER_BOUND_MS,
      }),
      checks.stampede({ name: 'database', epochMs: 1, maxFillsPerEpoch: 1000 }),
      checks.vacuity({
        minimumRatePerSecond: VIEWS_PER_SECOND / 2,
        minimumWritesInWindow: ((VIEWS_PER_SECOND / 1000) * (LASTS_MS - ROUND_TRIP_MS)) / 2,
      }),
    ],
    expect: hardened
      ? [
          {
            check: 'users',
            verdict: 'valid',
            figures: { p50InFaultMs: { max: READ_TIMEOUT_MS } },
            because: `a view waits at most ${READ_TIMEOUT_MS} ms for the cache and ${FILL_WAIT_MS} ms for its turn at the database, and most do not ask the cache at all: in each ${BREAKER.openMs} ms one of an instance tries`,
          },
          {
            check: 'database',
            verdict: 'any',
            figures: { peakPerSecond: { min: VIEWS_PER_SECOND / 4, max: QUERIES_BOUND } },
            because: `the cost: the database gets the catalogue’s load, less what views of one product at the same time share; one query for each of ${VIEWS_PER_SECOND} views a second at most`,
          },
        ]
      : mitigation === 'timeout'
        ? [
            {
              check: 'users',
              verdict: 'valid',
              figures: { p50InFaultMs: { min: READ_TIMEOUT_MS * QUANTILE } },
              because: `every view waits ${READ_TIMEOUT_MS} ms for the cache before it goes to the database`,
            },
          ]
        : [
            {
              check: 'users',
              verdict: 'invalid',
              figures: { p50InFaultMs: { min: ROUND_TRIP_MS * QUANTILE }, errorsInFault: { max: 0 } },
              because: `a view takes a round trip to the cache, ${ROUND_TRIP_MS} ms; those of the last ${ROUND_TRIP_MS} of ${LASTS_MS} ms may be answered sooner`,
            },
          ],
  }),
});
