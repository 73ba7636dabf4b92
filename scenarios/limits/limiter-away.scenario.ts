import { at, checks, defineScenario, faults, schedule, standalone, users } from 'failover-lab';
import { algorithms, type FiveLimits, fiveChecks, fivePolicies } from './five-limits.ts';

const AWAY_MS = 2500;
/** Requests per second under each of the five policies. */
const RATE = 60;
const KEYS = 5;
const INSTANCES = 2;
/** Each instance's share of a limit while Redis is away. */
const SHARE = 0.5;
const LIMITS: FiveLimits = { limit: 4, windowMs: 1000 };
/** How long a decision waits for Redis; two of them in a row open the circuit. */
const COMMAND_TIMEOUT_MS = 200;
/** While Redis goes and when it comes back, both it and the instances may admit a whole share within one window. */
const TRANSITIONS = 2;
const LOCAL_AT_MOST = KEYS * TRANSITIONS * INSTANCES * SHARE * LIMITS.limit;
/** Half of what is asked while Redis is away, less what the limit allows in as long and in the windows begun. */
const OPEN_AT_LEAST = Math.floor(
  (RATE * (AWAY_MS - COMMAND_TIMEOUT_MS)) / 1000 - KEYS * LIMITS.limit * (AWAY_MS / LIMITS.windowMs + 2),
);
/** Redis is asked again four times a second, so that it counts as away for as long as it is, but for the first timeout. */
const AWAY_AT_LEAST_MS = AWAY_MS - 2 * COMMAND_TIMEOUT_MS - 500;

export default defineScenario({
  name: 'limiter-away',
  title: 'The Redis of the rate limits is away',
  claim:
    'While its Redis cannot be reached, a rate limit either lets everybody in or keeps everybody out, unless each instance counts for itself.',
  variants: {
    vulnerable: 'It fails open: while Redis is away everybody is let in.',
    hardened: `Each instance counts for itself, with ${SHARE} of the limit: ${INSTANCES} instances, so that together they keep it.`,
  },
  mitigations: { closed: 'It fails closed: while Redis is away nobody is let in.' },
  compare: algorithms.flatMap((check) => [
    { check, figure: 'overAdmitted', label: `${check}: admitted in excess`, unit: '' },
    { check, figure: 'failOpenMs', label: `${check}: failed open`, unit: 'ms' },
    { check, figure: 'failClosedMs', label: `${check}: failed closed`, unit: 'ms' },
  ]),
  advice:
    'Let each instance count for itself while Redis is away, with a share of the limit that the instances together keep. The price: memory for the counts, an unlucky client gets less where its requests are not spread evenly, and around the two transitions a client may have the limit twice.',
  settings: [
    { name: 'limits.whenAway', vulnerable: 'open', hardened: 'local' },
    { name: 'limits.localShare', vulnerable: 'without effect', hardened: String(SHARE) },
  ],
  experiment({ hardened, mitigation }) {
    const isClosed = mitigation === 'closed';
    const expectation = (check: string) => {
      if (hardened)
        return {
          check,
          verdict: 'valid',
          figures: { 'admittedBy.local': { min: 1 }, failOpenMs: { max: 0 }, failClosedMs: { max: 0 } },
          because: `${INSTANCES} instances × ${SHARE} × ${LIMITS.limit} keep the limit of each of ${KEYS} clients; only in the windows in which Redis goes and comes back they add to what it admitted: at most ${LOCAL_AT_MOST}`,
        } as const;
      if (isClosed)
        return {
          check,
          verdict: 'invalid',
          figures: { overAdmitted: { max: 0 }, failClosedMs: { min: AWAY_AT_LEAST_MS } },
          because: 'nothing is admitted past the limit, and nothing else either for as long as Redis is away',
        } as const;
      return {
        check,
        verdict: 'invalid',
        figures: {
          'overAdmittedByCause.fail-open': { min: OPEN_AT_LEAST },
          failOpenMs: { min: AWAY_AT_LEAST_MS },
        },
        because: `${RATE} requests/s are let in for ${AWAY_MS} ms, where ${KEYS} clients may have ${LIMITS.limit} each a second`,
      } as const;
    };
    return {
      topology: standalone(),
      app: {
        instances: INSTANCES,
        settings: {
          limits: {
            policies: fivePolicies(LIMITS),
            whenAway: hardened ? 'local' : isClosed ? 'closed' : 'open',
            localShare: SHARE,
          },
          clients: { limits: { commandTimeoutMs: COMMAND_TIMEOUT_MS } },
        },
      },
      workloads: [
        users({
          name: 'callers',
          journeys: [
            {
              kind: 'limits',
              policies: algorithms,
              keys: KEYS,
              perSecond: RATE * algorithms.length,
              maxUsers: 80,
              balance: 'round-robin',
            },
          ],
        }),
      ],
      nemesis: schedule(
        at(300)
          .inject(faults.cut({ from: 'apps', to: 'primary', oneWay: true }))
          .for(AWAY_MS),
      ),
      load: { afterMs: 1500 },
      checks: [
        ...fiveChecks(LIMITS, { maxOverAdmitted: hardened ? LOCAL_AT_MOST : 0, maxFailClosedMs: 0 }),
        checks.users(),
        checks.vacuity({
          minimumRatePerSecond: 50,
          minimumWritesInWindow: 0,
          minimumAttemptsInWindow: (RATE * algorithms.length * AWAY_MS) / 2000,
        }),
      ],
      expect: algorithms.map(expectation),
    };
  },
});
