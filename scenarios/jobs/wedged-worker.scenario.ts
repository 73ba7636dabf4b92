import { at, checks, defineScenario, faults, schedule, sentinel, switchAnnounced, users } from 'failover-lab';

const ORDERS_PER_SECOND = 60;
/** Silence on a worker's connections after which it gives them up. */
const WORKER_TIMEOUT_MS = 800;
/** The same of the connection over which orders are queued, in both variants. */
const SOCKET_TIMEOUT_MS = 400;
/** An instance's longest pause between two attempts to connect, and the longest attempt. */
const RECONNECT_MS = 100;
const CONNECT_MS = 200;
/** A worker's pause after an error (order-worker.ts). */
const WORKER_RETRY_MS = 250;

export default defineScenario({
  name: 'wedged-worker',
  title: 'A worker that waits for ever, without an error',
  claim:
    '"The failover worked, orders are accepted": the workers still wait on their connections to the primary that fell silent; jobs pile up, and nothing reports an error.',
  variants: {
    vulnerable: 'Workers without a socket timeout, and without failover detection.',
    hardened: 'Workers give up silent connections, and follow what the Sentinels announce.',
  },
  mitigations: {
    'socket-timeout': 'A socket timeout on both connections of a worker.',
    'failover-detector': 'Connections leave a primary as soon as a Sentinel announces another.',
  },
  advice:
    'Job queues wait for jobs by blocking commands on connections that retry for ever, so nothing ends the wait when a server falls silent without closing its connections. Give both connections of a worker (the one that blocks and the one that fetches and finishes jobs) a socket timeout above the longest block, turn on failoverDetector, and watch the age of the oldest waiting job. The price: a reconnect for each false alarm.',
  settings: [
    { name: 'jobs.blockingTimeoutMs', vulnerable: 'none', hardened: String(WORKER_TIMEOUT_MS) },
    { name: 'clients.jobs.failoverDetector', vulnerable: 'false (ioredis’ default)', hardened: 'true' },
  ],
  compare: [
    {
      check: 'workers',
      figure: 'longestOutageMs',
      label: 'no order processed after the announced switch for',
      unit: 'ms',
    },
    { check: 'jobs', figure: 'delayInFaultsP50Ms', label: 'median delay of an order', unit: 'ms' },
    { check: 'jobs', figure: 'delayMaxMs', label: 'longest', unit: 'ms' },
  ],
  experiment({ hardened, mitigation, timing }) {
    const hasTimeout = hardened || mitigation === 'socket-timeout';
    const hasDetector = hardened || mitigation === 'failover-detector';
    const reconnectMs = RECONNECT_MS + CONNECT_MS;
    // Who gives up just before a Sentinel knows is sent to the silent one again, and gives that up a second time.
    const boundMs = timing.helloMs + WORKER_TIMEOUT_MS + reconnectMs + WORKER_RETRY_MS;
    // Until orders are queued again requests run them themselves, which hides that no worker does.
    const hiddenMs = timing.helloMs + SOCKET_TIMEOUT_MS + reconnectMs;
    const canLeave = hardened || mitigation !== null;
    return {
      topology: sentinel(),
      load: { beforeMs: 250, afterMs: 250 },
      app: {
        instances: 2,
        settings: {
          jobs: { blockingTimeoutMs: hasTimeout ? WORKER_TIMEOUT_MS : null },
          clients: {
            jobs: {
              connectTimeoutMs: CONNECT_MS,
              socketTimeoutMs: SOCKET_TIMEOUT_MS,
              failoverDetector: hasDetector,
              retryDelayMs: { from: 50, to: RECONNECT_MS, jitter: 0.5 },
            },
          },
        },
      },
      workloads: [
        users({
          name: 'shoppers',
          journeys: [{ kind: 'orders', perSecond: ORDERS_PER_SECOND, maxUsers: 60 }],
        }),
      ],
      nemesis: schedule(
        at(100)
          .inject(faults.pause('primary'))
          .once(switchAnnounced, { withinMs: timing.failoverBoundMs })
          .then(boundMs + (canLeave ? 0 : hiddenMs)),
      ),
      checks: [
        checks.availability({
          name: 'workers',
          group: 'application',
          after: 'announcement',
          maxOutageMs: boundMs,
        }),
        checks.jobs({ mayLose: ['unreplicated', 'minority-primary'] }),
        checks.users(),
        checks.recovery({ mustRecoverWithinMs: timing.failoverBoundMs }),
        checks.vacuity({
          minimumRatePerSecond: ORDERS_PER_SECOND / 2,
          minimumWritesInWindow: ORDERS_PER_SECOND,
        }),
      ],
      expect: [
        canLeave
          ? {
              check: 'workers',
              verdict: 'valid',
              because: `every worker has left the silent primary within ${boundMs} ms of the announced switch`,
            }
          : {
              check: 'workers',
              verdict: 'invalid',
              figures: { longestOutageMs: { min: boundMs } },
              because: 'a worker without timeouts waits for as long as the old primary is silent',
            },
      ],
    };
  },
});
