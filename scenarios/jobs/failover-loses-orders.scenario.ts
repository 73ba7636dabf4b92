import { at, checks, defineScenario, faults, schedule, sentinel, switchAnnounced, users } from 'failover-lab';

/** How long replication stands still before the crash; well below down-after, so no Sentinel takes note. */
const STALL_MS = 400;
const ORDERS_PER_SECOND = 100;
/** How long the application waits for a replica; an order that finds none takes so long, and then runs in its request. */
const ACKNOWLEDGE_WITHIN_MS = 100;
/** Orders that are queued while replication stands still; the half is for a busy machine. */
const LOST_AT_LEAST = (ORDERS_PER_SECOND * STALL_MS) / 1000 / 2;

export default defineScenario({
  name: 'failover-loses-orders',
  title: 'A failover loses orders that were accepted',
  claim:
    '"Accepted" means "it will be done": orders that wait in the queue when its primary dies, and that no replica has yet, are never done, and nobody hears of it.',
  headline: true,
  variants: {
    vulnerable: 'An order is accepted as soon as the primary has its job.',
    hardened:
      'An order is accepted when a replica has its job too (WAIT, its answer checked); else it runs in the request.',
  },
  advice:
    'Follow the enqueueing with WAIT 1 and look at the number it answers; when it is too small, fall back to what you do when the queue is away. The handler has to recognise orders, since the job may be in the queue as well. The price: a round trip to a replica for each order, and all the work in the requests while no replica is there. An outbox (a row in the database before the job, and somebody who looks for rows without effect) does it too, and survives the loss of the whole queue, for one write more for each order.',
  settings: [
    { name: 'jobs.acknowledgedBy', vulnerable: '0', hardened: '1' },
    {
      name: 'jobs.acknowledgeWithinMs',
      vulnerable: '(without effect)',
      hardened: String(ACKNOWLEDGE_WITHIN_MS),
    },
  ],
  compare: [
    { check: 'jobs', figure: 'lost', label: 'accepted orders lost', unit: '' },
    { check: 'users', figure: 'p50Ms', label: 'median answer without a fault', unit: 'ms' },
    { check: 'users', figure: 'p50InFaultMs', label: 'median answer during faults', unit: 'ms' },
  ],
  experiment: ({ hardened, timing }) => ({
    topology: sentinel(),
    app: {
      instances: 2,
      settings: {
        jobs: { acknowledgedBy: hardened ? 1 : 0, acknowledgeWithinMs: ACKNOWLEDGE_WITHIN_MS },
      },
      // One takes the orders, the other one does them.
      settingsOf: { 'app-1': { jobs: { worker: false } } },
    },
    workloads: [
      users({
        name: 'shoppers',
        journeys: [
          { kind: 'orders', perSecond: ORDERS_PER_SECOND, maxUsers: ORDERS_PER_SECOND, instances: ['app-1'] },
        ],
      }),
    ],
    // An order that is done at once cannot be lost: those are that wait, here because the worker stands still.
    nemesis: schedule(
      at(500)
        .inject(faults.pause('node:app-2'))
        .inject(faults.cut({ from: 'replicas', to: 'primary', oneWay: true, streams: 'replies' }))
        .then(STALL_MS)
        .inject(faults.kill('primary'))
        .once(switchAnnounced, { withinMs: timing.failoverBoundMs })
        .then(500),
    ),
    checks: [
      checks.jobs(),
      checks.users(),
      checks.recovery({ fault: 'kill', mustRecoverWithinMs: timing.failoverBoundMs }),
      checks.vacuity({
        minimumRatePerSecond: ORDERS_PER_SECOND / 2,
        minimumWritesInWindow: LOST_AT_LEAST,
        minimumAttemptsInWindow: LOST_AT_LEAST,
      }),
    ],
    expect: [
      hardened
        ? {
            check: 'jobs',
            verdict: 'valid',
            because: 'what was accepted is known to a replica, or was done before the answer',
          }
        : {
            check: 'jobs',
            verdict: 'invalid',
            figures: { 'lostByCause.unreplicated': { min: LOST_AT_LEAST }, duplicates: { max: 0 } },
            because: `${ORDERS_PER_SECOND} orders/s were accepted for ${STALL_MS} ms by the primary alone, which then died`,
          },
    ],
  }),
});
