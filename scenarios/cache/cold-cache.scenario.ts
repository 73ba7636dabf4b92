import {
  at,
  checks,
  defineScenario,
  type Expectation,
  faults,
  schedule,
  standalone,
  users,
} from 'failover-lab';

const INSTANCES = 2;
const PRODUCTS = 10;
const EXPONENT = 1.5;
const VIEWS_PER_SECOND = 300;
/** What a fill takes at the database, by the way there and back. */
const FILL_MS = 200;
/** Longer than any fill. */
const LEASE_MS = 3000;
const MAX_FILLS = 2;
const WATCHED_MS = 2000;
/** Longer than the run. */
const TTL_MS = 30_000;

/** Of all views, those of the hottest product (Zipf). */
const HOTTEST =
  1 / Array.from({ length: PRODUCTS }, (_, rank) => (rank + 1) ** -EXPONENT).reduce((a, b) => a + b);
/** Everybody who asks for the hottest product before its first fill is back, less two thirds for a busy machine. */
const STAMPEDE = Math.floor((VIEWS_PER_SECOND * HOTTEST * FILL_MS) / 1000 / 3);
/** In one second: as many rounds of fills as fit, and one that had begun. */
const CAPPED_PER_SECOND = INSTANCES * MAX_FILLS * (1000 / FILL_MS + 1);

const mitigations = {
  coalescing: 'One fill of a key at a time in each process.',
  lease: 'One fill of a key at a time among all processes.',
  jitter: 'A random part of each TTL.',
  stale: 'A value that has expired is served while it is refreshed.',
  'fill-cap': `At most ${MAX_FILLS} fills at a time in each process; who waits longer than 500 ms is refused.`,
  'local-tier': 'Each process keeps what it served for 10 s.',
} as const;

const UNPROTECTED = {
  coalesce: false,
  leaseMs: null,
  jitter: 0,
  staleMs: 0,
  maxFills: null,
  local: null,
} as const;

const EACH = {
  coalescing: { coalesce: true },
  lease: { leaseMs: LEASE_MS },
  jitter: { jitter: 0.2 },
  stale: { staleMs: 10_000 },
  'fill-cap': { maxFills: MAX_FILLS },
  'local-tier': { local: { entries: 1000, ttlMs: 10_000 } },
} as const;

/**
 * Without the local tier, which is tried alone: beside it nothing would be left to fill, and nobody would see what the
 * others are worth. The cap is above what one fill for each key needs.
 */
const ALL = { ...EACH.coalescing, ...EACH.lease, ...EACH.jitter, ...EACH.stale, maxFills: PRODUCTS } as const;

const isMitigation = (name: string | null): name is keyof typeof EACH => name !== null && name in EACH;

const stampede: Expectation = {
  check: 'stampede',
  verdict: 'invalid',
  figures: { worstFactor: { min: STAMPEDE }, peakPerSecond: { min: PRODUCTS + 1 } },
  because: `${Math.round(HOTTEST * 100)} % of ${VIEWS_PER_SECOND} views/s want the hottest product, and a fill takes ${FILL_MS} ms; whoever asks before the first is back asks the database too`,
};

const ALONE: Readonly<Record<keyof typeof EACH, Expectation>> = {
  coalescing: {
    check: 'stampede',
    verdict: 'any',
    figures: { worstFactor: { min: 1, max: INSTANCES } },
    because: `each of ${INSTANCES} processes fills a key once`,
  },
  lease: {
    check: 'stampede',
    verdict: 'valid',
    figures: { worstFactor: { min: 1 } },
    because: 'one of all processes has the lease, the others look again until the value is there',
  },
  jitter: {
    ...stampede,
    because: 'jitter spreads expiries; what was flushed is gone at once all the same',
  },
  stale: { ...stampede, because: 'what was flushed cannot be served however old it may be' },
  'fill-cap': {
    check: 'stampede',
    verdict: 'any',
    figures: { peakPerSecond: { max: CAPPED_PER_SECOND } },
    because: `${INSTANCES} processes with ${MAX_FILLS} fills of ${FILL_MS} ms at a time make at most ${CAPPED_PER_SECOND} queries in a second`,
  },
  'local-tier': {
    check: 'stampede',
    verdict: 'any',
    figures: { worstFactor: { max: INSTANCES } },
    because: 'what a process has seen it goes on serving; only what one of them had not seen yet is filled',
  },
};

export default defineScenario({
  name: 'cold-cache',
  title: 'The cache is empty all at once',
  claim:
    'When a busy cache is emptied, everybody who misses asks the database the same question at the same time, unless one asks for all.',
  variants: {
    vulnerable: 'Who misses asks the database.',
    hardened: 'One fill of a key at a time, in a process and among all; and jitter, old values, and a cap.',
  },
  mitigations,
  compare: [
    { check: 'stampede', figure: 'worstFactor', label: 'fills of a key in one miss, at worst', unit: '' },
    { check: 'stampede', figure: 'peakRatio', label: 'database peak ÷ normal', unit: '' },
    { check: 'users', figure: 'p99InFaultMs', label: 'p99 after the flush', unit: 'ms' },
    { check: 'users', figure: 'errorsInFault', label: 'refused', unit: '' },
  ],
  advice:
    'Let one request a process fill, and one process among all by a short lease in Redis; a local tier of a few seconds makes an emptied Redis invisible while it lasts. Jitter and serving old values help against expiry, not against a flush. The price: who waits for somebody else’s fill waits as long as that takes, a lease must be longer than a fill, and a cap refuses users.',
  settings: [
    { name: 'cache.coalesce', vulnerable: 'false', hardened: 'true' },
    { name: 'cache.leaseMs', vulnerable: 'null', hardened: String(LEASE_MS) },
    { name: 'cache.jitter', vulnerable: '0', hardened: '0.2' },
    { name: 'cache.staleMs', vulnerable: '0', hardened: '10000' },
    { name: 'cache.maxFills', vulnerable: 'null', hardened: String(PRODUCTS) },
  ],
  experiment({ hardened, mitigation }) {
    const protections = hardened ? ALL : isMitigation(mitigation) ? EACH[mitigation] : {};
    return {
      topology: standalone(),
      app: {
        instances: INSTANCES,
        settings: {
          cache: {
            ...UNPROTECTED,
            ...protections,
            ttlMs: TTL_MS,
            // A cache that is slow on a busy machine is another scenario's matter.
            readTimeoutMs: 1000,
          },
        },
      },
      workloads: [
        users({
          name: 'shoppers',
          journeys: [
            {
              kind: 'catalogue',
              products: PRODUCTS,
              exponent: EXPONENT,
              perSecond: VIEWS_PER_SECOND,
              maxUsers: 150,
              balance: 'round-robin',
            },
          ],
        }),
      ],
      nemesis: schedule(
        at(0).inject(faults.latency({ from: 'apps', to: 'database', latencyMs: FILL_MS / 2 })),
        at(1200).inject(faults.flush('primary')).for(WATCHED_MS),
      ),
      load: { beforeMs: 1000, afterMs: 200 },
      checks: [
        checks.stampede({
          fault: 'flush',
          baselineMs: 1000,
          epochMs: WATCHED_MS,
          // Each product once, in a second in which there is normally nothing to fill.
          ...(hardened ? { maxPeakRatio: PRODUCTS } : {}),
        }),
        checks.users({ fault: 'flush' }),
        checks.vacuity({
          minimumRatePerSecond: VIEWS_PER_SECOND / 3,
          minimumWritesInWindow: (VIEWS_PER_SECOND * WATCHED_MS) / 1000 / 3,
        }),
      ],
      expect: [
        hardened
          ? {
              check: 'stampede',
              verdict: 'valid',
              figures: { worstFactor: { min: 1, max: 1 } },
              because: `one fill for each of ${PRODUCTS} products`,
            }
          : isMitigation(mitigation)
            ? ALONE[mitigation]
            : stampede,
        ...(hardened
          ? [
              {
                check: 'users',
                verdict: 'any',
                figures: { errorsInFault: { max: 0 } },
                because: 'nobody is refused',
              } as const,
            ]
          : []),
      ],
    };
  },
});
