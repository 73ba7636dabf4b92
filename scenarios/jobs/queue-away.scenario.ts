import { at, checks, defineScenario, faults, schedule, standalone, systems, users } from 'failover-lab';

/** How long the queue's Redis is down. */
const DOWN_MS = 2000;
const ORDERS_PER_SECOND = 100;
/** What the work of an order takes: what the safety valve adds to a request. */
const WORK_MS = 20;
/** An instance's longest pause between two attempts to connect. */
const RECONNECT_MS = 300;
/**
 * An order that a worker had just begun when the queue died waits for the restart, for the worker's reconnect (its
 * pause, and up to 1 s until the attempt under way is given up), for the end of its lock (3 s), and until somebody
 * has looked twice for jobs without one (each 1.5 s): once to suspect it, once to take it over.
 */
const DELAY_BOUND_MS = DOWN_MS + RECONNECT_MS + 1000 + 3000 + 2 * 1500;

export default defineScenario({
  name: 'queue-away',
  title: 'The queue’s Redis dies under orders',
  claim:
    '"Our orders only need the queue": while its Redis is down no order is taken at all, though the database that they end up in is well.',
  headline: true,
  variants: {
    vulnerable: 'What cannot be queued is refused.',
    hardened: 'The safety valve: what cannot be queued runs inside the request, and is recognised by its id.',
  },
  advice:
    'Where the queue is away, run the job in the request, and make the handler recognise an order by a unique key, because one whose enqueueing broke off may be in the queue as well. Keep an append-only file for the queue. The price: such requests take as long as the job, and the database gets the orders at the rate of the users instead of the workers’.',
  settings: [{ name: 'jobs.whenAway', vulnerable: 'fail', hardened: 'inline' }],
  compare: [
    {
      check: 'users',
      figure: 'errorShareInFault',
      label: 'share of orders refused while it is down',
      unit: '',
    },
    { check: 'users', figure: 'p50InFaultMs', label: 'median answer while it is down', unit: 'ms' },
    { check: 'jobs', figure: 'duplicates', label: 'processed in excess', unit: '' },
  ],
  experiment: ({ hardened }) => ({
    topology: systems({
      sessions: standalone(),
      jobs: standalone({ redis: { appendonly: 'yes', appendfsync: 'always' } }),
    }),
    app: {
      instances: 2,
      settings: {
        jobs: { whenAway: hardened ? 'inline' : 'fail', workMs: WORK_MS },
        clients: { jobs: { retryDelayMs: { from: 50, to: RECONNECT_MS, jitter: 0.5 } } },
      },
      systems: { cache: 'sessions', limits: 'sessions' },
    },
    workloads: [
      users({
        name: 'shoppers',
        // Sticky users come one after the other, so both instances get their share.
        journeys: [{ kind: 'orders', perSecond: ORDERS_PER_SECOND, maxUsers: 40 }],
      }),
    ],
    nemesis: schedule(at(500).inject(faults.kill('primary of jobs')).for(DOWN_MS)),
    checks: [
      checks.users({ recoveryMs: 0, maxErrorShare: 0, maxErrorShareInFault: 0 }),
      checks.jobs({ nodes: ['jobs-redis-1'], maxDelayMs: DELAY_BOUND_MS }),
      checks.vacuity({
        minimumRatePerSecond: ORDERS_PER_SECOND / 2,
        minimumWritesInWindow: hardened ? (ORDERS_PER_SECOND * DOWN_MS) / 1000 / 2 : 0,
        minimumAttemptsInWindow: (ORDERS_PER_SECOND * DOWN_MS) / 1000 / 2,
      }),
    ],
    expect: [
      hardened
        ? {
            check: 'users',
            verdict: 'valid',
            because:
              'the database is there, and an order needs nothing else once the request runs the job itself',
          }
        : {
            check: 'users',
            verdict: 'invalid',
            figures: { errorShareInFault: { min: 0.5 } },
            because:
              'every order is refused for as long as the queue is down, which is most of the fault’s time: the rest is its killing and its start',
          },
      {
        check: 'jobs',
        verdict: 'valid',
        because: hardened
          ? 'what was queued is in the log of the queue, and what may have been queued and ran in a request too is recognised by its id'
          : 'what was queued is in the log of the queue',
      },
    ],
  }),
});
