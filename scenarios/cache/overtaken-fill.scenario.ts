import { at, checks, defineScenario, faults, schedule, standalone, users } from 'failover-lab';

const PRODUCTS = 12;
/** How long what the reading instance sends to Redis is under way. */
const LATENCY_MS = 200;
const VIEWS_PER_SECOND = 240;
const UPDATES_PER_SECOND = 96;
/** The prices are quiet until the slow link is in force, change for a second, and then stay as they are. */
const QUIET_FIRST_MS = 1500;
const IMPORT_MS = 1000;
/** How long users look at prices that nobody changes any more, when everything is healed. */
const QUIET_AFTER_MS = 2000;
const TTL_MS = 30_000;

export default defineScenario({
  name: 'overtaken-fill',
  title: 'A price changes while an instance is filling the cache',
  claim:
    'An instance that has read a price and is slow to cache it overwrites the invalidation of a newer price: everybody is shown the old one until the TTL ends.',
  variants: {
    vulnerable: 'What was read from the database is stored, whatever happened meanwhile.',
    hardened: 'A write leaves a token behind; what was read before it is thrown away.',
  },
  advice:
    'Store a filled value only if nothing was written since before the database was read: a token or a version that every write changes, compared by a script. The price: a second small key for each product that was just written, and a fill that is thrown away.',
  settings: [{ name: 'cache.guardFills', vulnerable: 'false', hardened: 'true' }],
  experiment({ hardened }) {
    return {
      topology: standalone(),
      app: {
        instances: 2,
        settings: {
          cache: {
            ttlMs: TTL_MS,
            jitter: 0,
            staleMs: 0,
            guardFills: hardened,
            // A slow link is not an absent one.
            readTimeoutMs: 10 * LATENCY_MS,
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
              exponent: 0,
              perSecond: VIEWS_PER_SECOND,
              maxUsers: 150,
              instances: ['app-2'],
            },
          ],
        }),
        users({
          name: 'import',
          on: 'load-2',
          firstAccount: 5000,
          journeys: [
            {
              kind: 'catalogue',
              products: PRODUCTS,
              exponent: 0,
              updateShare: 1,
              // One a second until then, so that the load is seen to have begun.
              perSecond: 1,
              stages: [
                { perSecond: 1, overMs: QUIET_FIRST_MS },
                { perSecond: UPDATES_PER_SECOND, overMs: 1 },
                { perSecond: UPDATES_PER_SECOND, overMs: IMPORT_MS },
                { perSecond: 0, overMs: 1 },
              ],
              maxUsers: 30,
              instances: ['app-1'],
            },
          ],
        }),
      ],
      nemesis: schedule(
        at(0)
          .inject(
            faults.latency({
              from: 'host:app-2',
              to: 'primary',
              latencyMs: LATENCY_MS,
              streams: 'requests',
            }),
          )
          .for(QUIET_FIRST_MS + IMPORT_MS),
      ),
      load: { beforeMs: 0, afterMs: QUIET_AFTER_MS },
      checks: [
        checks.cache({ ttlMs: TTL_MS }),
        checks.users(),
        checks.vacuity({ minimumRatePerSecond: VIEWS_PER_SECOND / 3 }),
        // On a machine so busy that the link was slowed too late, nothing was tried.
        checks.vacuity({
          name: 'import-in-window',
          group: 'import',
          minimumRatePerSecond: 0,
          minimumWritesInWindow: UPDATES_PER_SECOND / 2,
        }),
      ],
      expect: [
        hardened
          ? {
              check: 'cache',
              verdict: 'valid',
              figures: { updates: { min: UPDATES_PER_SECOND / 2 } },
              because:
                'a view that begins after a price was acknowledged shows it: what a write overtook is not stored, nor shared with later requests',
            }
          : {
              check: 'cache',
              verdict: 'invalid',
              figures: { staleMaxMs: { min: QUIET_AFTER_MS / 2 } },
              because: `each product is written ${UPDATES_PER_SECOND / PRODUCTS} times a second and a fill is under way for ${LATENCY_MS} ms, so the last write of some of ${PRODUCTS} products overtook one; the old price stays, long after the network is healed, for as long as the run lasts, and would for ${TTL_MS / 1000} s`,
            },
      ],
    };
  },
});
