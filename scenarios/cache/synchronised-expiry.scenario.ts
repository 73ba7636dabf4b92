import { checks, defineScenario, schedule, standalone, users } from 'failover-lab';

const PRODUCTS = 20;
const VIEWS_PER_SECOND = 200;
const TTL_MS = 2000;
const JITTER = 0.5;
/** Over which the database's peaks are taken. */
const WINDOW_MS = 250;
/** All products have been filled, and none has expired yet. */
const WARM_UP_MS = 1000;
/** Three expiries. */
const LOAD_MS = 3 * TTL_MS + 1000;
/** If all expire within one window, the database has TTL ÷ window times its mean; half of that is a spike. */
const SPIKE = TTL_MS / WINDOW_MS / 2;

export default defineScenario({
  name: 'synchronised-expiry',
  title: 'What was cached together expires together',
  claim:
    'Keys that are filled together with one TTL expire together, again and again: the database is idle, then gets everything at once.',
  variants: {
    vulnerable: 'Every key lives equally long; the other protections of the cache are all on.',
    hardened: `The same, but for a random part of each key’s life: ${JITTER * 100} % of the TTL.`,
  },
  advice:
    'Make a share of every TTL random. The share is how far a spike is spread: 0.2 of half an hour is six minutes. The price: values live shorter on average, so the database is asked a little more often.',
  settings: [{ name: 'cache.jitter', vulnerable: '0', hardened: String(JITTER) }],
  experiment({ hardened }) {
    return {
      topology: standalone(),
      app: {
        instances: 2,
        settings: { cache: { ttlMs: TTL_MS, jitter: hardened ? JITTER : 0, readTimeoutMs: 1000 } },
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
              balance: 'round-robin',
            },
          ],
        }),
      ],
      // Nothing breaks: time passes.
      nemesis: schedule(),
      load: { beforeMs: LOAD_MS, afterMs: 0 },
      checks: [
        checks.stampede({
          epochMs: TTL_MS * (1 - JITTER),
          windowMs: WINDOW_MS,
          warmUpMs: WARM_UP_MS,
          maxPeakToMean: SPIKE,
        }),
        checks.users(),
        checks.vacuity({ minimumRatePerSecond: VIEWS_PER_SECOND / 2, faultsExpected: false }),
      ],
      expect: [
        hardened
          ? {
              check: 'stampede',
              verdict: 'valid',
              because: `the expiries are spread over ${JITTER * 100} % of the TTL, ${(JITTER * TTL_MS) / WINDOW_MS} windows, and more with each time`,
            }
          : {
              check: 'stampede',
              verdict: 'invalid',
              figures: { peakToMean: { min: SPIKE }, worstFactor: { max: 1 } },
              because: `all ${PRODUCTS} keys expire within what it took to fill them; if that were no longer than a window, the peak would be ${TTL_MS / WINDOW_MS} times the mean, and it is no stampede: each key is filled once`,
            },
      ],
    };
  },
});
