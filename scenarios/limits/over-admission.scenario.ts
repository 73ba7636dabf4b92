import { at, checks, defineScenario, faults, schedule, sentinel, switchAnnounced, users } from 'failover-lab';
import { algorithms, type FiveLimits, fiveChecks, fivePolicies } from './five-limits.ts';

/** How long replication stands still before the crash; well below down-after, so no Sentinel takes note. */
const STALL_MS = 400;
/** Requests per second under each of the five policies. */
const RATE = 50;
const KEYS = 10;
/** An hour, so that nothing expires during a run, in production timing either; half used up when replication stops. */
const LIMITS: FiveLimits = { limit: 12, windowMs: 3_600_000 };
/** What is counted while replication stands still is forgotten, and can be had again. */
const FORGOTTEN = (RATE * STALL_MS) / 1000;
/** However long that lasts on a busy machine, nobody is forgotten more than the whole limit. */
const AT_MOST = KEYS * LIMITS.limit;

export default defineScenario({
  name: 'over-admission',
  title: 'A failover forgets what a rate limit has counted',
  claim:
    'After a failover a rate limit admits again what it had admitted while replication lagged, unless an admission counts only once a replica has it.',
  variants: {
    vulnerable:
      'The limiter’s script counts on the primary, and the answer is given before any replica has the count.',
    hardened:
      'An admission is given only once the replica has acknowledged its count: WAIT, with its answer checked.',
  },
  compare: algorithms.flatMap((check) => [
    { check, figure: 'overAdmitted', label: `${check}: admitted in excess`, unit: '' },
    {
      check,
      figure: 'refusedBy.closed',
      label: `${check}: refused for want of Redis or a replica`,
      unit: '',
    },
  ]),
  advice: `Know the bound: a failover gives back at most what was admitted within the replication lag, rate × lag (here ${RATE}/s × ${STALL_MS} ms = ${FORGOTTEN} for each policy). Where that is too much, set limits.acknowledgedBy to the number of replicas. The price: a round trip to the slowest replica for each admission, and while a replica is away nobody is admitted, though Redis has counted him.`,
  settings: [
    { name: 'limits.acknowledgedBy', vulnerable: '0', hardened: '1 (of 1 replica)' },
    { name: 'limits.acknowledgeWithinMs', vulnerable: 'without effect', hardened: '100 (default)' },
  ],
  experiment({ hardened, timing }) {
    return {
      topology: sentinel({ replicas: 1 }),
      app: {
        instances: 2,
        settings: {
          limits: {
            policies: fivePolicies(LIMITS),
            acknowledgedBy: hardened ? 1 : 0,
            // So that nothing but Redis admits anybody.
            whenAway: 'closed',
          },
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
              maxUsers: 60,
              balance: 'round-robin',
            },
          ],
        }),
      ],
      nemesis: schedule(
        at(300)
          .inject(faults.cut({ from: 'replicas', to: 'primary', oneWay: true, streams: 'replies' }))
          .then(STALL_MS)
          .inject(faults.kill('primary'))
          .once(switchAnnounced, { withinMs: timing.failoverBoundMs }),
      ),
      checks: [
        ...fiveChecks(LIMITS),
        checks.users(),
        checks.vacuity({
          minimumRatePerSecond: 1,
          minimumWritesInWindow: 0,
          minimumAttemptsInWindow: (RATE * algorithms.length * STALL_MS) / 2000,
        }),
      ],
      expect: algorithms.map((check) =>
        hardened
          ? {
              check,
              verdict: 'valid',
              figures: { 'refusedBy.closed': { min: 1 } },
              because:
                'whatever was admitted the promoted replica knows; the price is that nobody is admitted while no replica acknowledges',
            }
          : {
              check,
              verdict: 'invalid',
              figures: {
                'overAdmittedByCause.failover': { min: 1 },
                overAdmitted: { max: AT_MOST },
              },
              because: `what is admitted while replication stands still is forgotten and admitted again: rate × lag, about ${FORGOTTEN}, and never more than ${KEYS} clients × ${LIMITS.limit}`,
            },
      ),
    };
  },
});
