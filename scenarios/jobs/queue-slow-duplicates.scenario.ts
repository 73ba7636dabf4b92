import { at, checks, defineScenario, faults, schedule, standalone, systems, users } from 'failover-lab';

/** How long an order may wait for the queue's answer before the request does the work itself. */
const ENQUEUE_TIMEOUT_MS = 500;
/** Silence after which a connection is given up, and with it what was sent on it. */
const SOCKET_TIMEOUT_MS = 5000;
/** Longer than the one, and much shorter than the other: the connections survive, and with them the orders on them. */
const PAUSE_MS = 1500;
const ORDERS_PER_SECOND = 100;
/** Orders that are given up before the queue goes on; the half is for a busy machine. */
const TWICE_AT_LEAST = (ORDERS_PER_SECOND * (PAUSE_MS - ENQUEUE_TIMEOUT_MS)) / 1000 / 2;

export default defineScenario({
  name: 'queue-slow-duplicates',
  title: 'A queue that was only slow has every order twice',
  claim:
    '"No answer from the queue, so we do the order ourselves": if the queue was not dead but slow, it has the order too, and a worker does it again.',
  variants: {
    vulnerable: 'The safety valve alone: an order without an answer from the queue runs inside the request.',
    hardened: 'The same; the handler recognises an order by a unique key in the database.',
  },
  advice:
    'A timeout says nothing about what happened. Whatever has a fallback needs a handler that recognises what it has done before: a unique key, written in the same statement as the effect. The price: one index.',
  settings: [{ name: 'jobs.idempotent', vulnerable: 'false', hardened: 'true' }],
  compare: [{ check: 'jobs', figure: 'duplicates', label: 'orders processed in excess', unit: '' }],
  experiment: ({ hardened }) => ({
    topology: systems({ sessions: standalone(), jobs: standalone() }),
    app: {
      instances: 2,
      settings: {
        jobs: { idempotent: hardened, enqueueTimeoutMs: ENQUEUE_TIMEOUT_MS },
        clients: { jobs: { socketTimeoutMs: SOCKET_TIMEOUT_MS } },
      },
      systems: { cache: 'sessions', limits: 'sessions' },
    },
    workloads: [
      users({
        name: 'shoppers',
        // Each order waits for the timeout meanwhile: twice as many users as wait at once.
        journeys: [
          {
            kind: 'orders',
            perSecond: ORDERS_PER_SECOND,
            maxUsers: (2 * ORDERS_PER_SECOND * ENQUEUE_TIMEOUT_MS) / 1000,
          },
        ],
      }),
    ],
    nemesis: schedule(at(500).inject(faults.pause('primary of jobs')).for(PAUSE_MS)),
    checks: [
      checks.jobs({ nodes: ['jobs-redis-1'] }),
      checks.users({ recoveryMs: 0 }),
      checks.vacuity({
        minimumRatePerSecond: ORDERS_PER_SECOND / 2,
        minimumWritesInWindow: TWICE_AT_LEAST,
        minimumAttemptsInWindow: TWICE_AT_LEAST,
      }),
    ],
    expect: [
      hardened
        ? {
            check: 'jobs',
            verdict: 'valid',
            because: 'whoever processes an order second finds its key taken',
          }
        : {
            check: 'jobs',
            verdict: 'invalid',
            figures: { duplicates: { min: TWICE_AT_LEAST }, lost: { max: 0 } },
            because: `orders of ${PAUSE_MS - ENQUEUE_TIMEOUT_MS} ms ran in their requests, and were in the queue when it went on`,
          },
    ],
  }),
});
