import { at, checks, defineScenario, faults, schedule, standalone, users } from 'failover-lab';

const LIMIT = { algorithm: 'fixed-window', limit: 5, windowMs: 400 } as const;
const KEYS = 20;
/** 7.5 a second for each client, 3 a window: well within the limit. */
const RATE = 150;
/** How long the dying instance hears nothing of Redis: so long that every client's window begins anew, twice. */
const DEAF_MS = 2 * LIMIT.windowMs + 200;
/** Time after everything is healed, and the part of it for which a client must be refused: what is left after as many requests as fill a counter. */
const AFTER_MS = 3000;
const BLOCKED_AT_LEAST_MS = AFTER_MS - (LIMIT.limit * 1000 * KEYS) / RATE - 2 * LIMIT.windowMs;

export default defineScenario({
  name: 'counter-without-ttl',
  title: 'An instance dies between INCR and EXPIRE',
  claim:
    'A rate limit that counts with INCR and sets the TTL in a second step refuses some clients for ever when an instance dies between the two.',
  variants: {
    vulnerable: 'INCR, and when it answered 1, PEXPIRE, as most tutorials have it.',
    hardened: 'One script counts and sets the TTL: Redis does both or neither.',
  },
  compare: [
    { check: 'limits', figure: 'blockedKeys', label: 'clients refused without end', unit: '' },
    { check: 'limits', figure: 'longestBlockedMs', label: 'longest refusal', unit: 'ms' },
  ],
  advice:
    'Count and set the TTL in one script (or SET … NX PX and INCR in one MULTI), and look for keys without a TTL now and then. The price: a script is somewhat dearer than an INCR.',
  settings: [{ name: 'limits.atomic', vulnerable: 'false', hardened: 'true (default)' }],
  experiment({ hardened }) {
    return {
      topology: standalone(),
      app: {
        instances: 2,
        settings: {
          limits: {
            policies: { api: LIMIT },
            atomic: hardened,
            // So that nothing but Redis admits anybody.
            whenAway: 'closed',
          },
          // So that an instance that hears nothing goes on asking until it dies.
          clients: { limits: { commandTimeoutMs: 3000, socketTimeoutMs: 3000 } },
        },
      },
      workloads: [
        users({
          name: 'callers',
          journeys: [
            {
              kind: 'limits',
              policies: ['api'],
              keys: KEYS,
              perSecond: RATE,
              maxUsers: 150,
              balance: 'round-robin',
            },
          ],
        }),
      ],
      nemesis: schedule(
        at(200)
          .inject(faults.cut({ from: 'node:app-1', to: 'primary', oneWay: true, streams: 'replies' }))
          .for(DEAF_MS + 300),
        at(200 + DEAF_MS)
          .inject(faults.kill('node:app-1'))
          .then(500),
      ),
      load: { afterMs: AFTER_MS },
      checks: [
        checks.limits({ policy: 'api', ...LIMIT }),
        checks.users(),
        checks.vacuity({
          // Whoever is refused for ever ends nothing `ok`; how much was asked the other figure says.
          minimumRatePerSecond: hardened ? 20 : 1,
          minimumWritesInWindow: 0,
          minimumAttemptsInWindow: RATE / 2,
        }),
      ],
      expect: [
        hardened
          ? {
              check: 'limits',
              verdict: 'valid',
              figures: { blockedKeys: { max: 0 } },
              because: 'a counter has its TTL from the moment it is there',
            }
          : {
              check: 'limits',
              verdict: 'invalid',
              figures: { blockedKeys: { min: 1 }, longestBlockedMs: { min: BLOCKED_AT_LEAST_MS } },
              because: `in ${DEAF_MS} ms the window of every client began anew twice, about half of the times through the instance that heard nothing; such a counter is never set back`,
            },
      ],
    };
  },
});
