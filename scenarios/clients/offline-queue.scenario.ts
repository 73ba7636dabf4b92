import { at, checks, defineScenario, faults, schedule, standalone, users } from 'failover-lab';

const SILENT_MS = 3000;
const VISITS_PER_SECOND = 150;
const INSTANCES = 2;
/** When a user gives a request up. */
const PATIENCE_MS = 1000;
const COMMAND_TIMEOUT_MS = 300;
/** A connection that has been silent for so long is left. */
const SOCKET_TIMEOUT_MS = 500;
/** An attempt to connect is given up after so long. */
const CONNECT_TIMEOUT_MS = 500;
const RETRY_MS = { from: 50, to: 200, jitter: 0.5 };
/**
 * A visit begins with one command. In the silence nobody gives it up, so that all of them wait in one instance or
 * the other; less a third, for users who are still waiting themselves and for a busy machine.
 */
const WAITING_AT_LEAST = Math.floor((((VISITS_PER_SECOND / INSTANCES) * SILENT_MS) / 1000) * (2 / 3));
/** Commands wait with a silent connection until it is left, if all visits went to one instance; then there is nowhere to wait. */
const WAITING_AT_MOST = (VISITS_PER_SECOND * SOCKET_TIMEOUT_MS) / 1000;
/** What the attempt to connect that began in the silence may take, the pause after it, and a visit. */
const BACK_WITHIN_MS = CONNECT_TIMEOUT_MS + RETRY_MS.to + COMMAND_TIMEOUT_MS;

export default defineScenario({
  name: 'offline-queue',
  title: 'Commands pile up while Redis is silent',
  claim:
    'A client that keeps every command until Redis answers again turns seconds of silence into a heap of work for users who have long gone.',
  variants: {
    vulnerable: 'ioredis as installed: no timeout for a command, an offline queue, everything is sent again.',
    hardened: `A command fails after ${COMMAND_TIMEOUT_MS} ms, a silent connection is left after ${SOCKET_TIMEOUT_MS} ms, and without a connection a command fails at once.`,
  },
  compare: [
    { check: 'waiting', figure: 'highest', label: 'commands kept in memory by an instance', unit: '' },
    { check: 'requests', figure: 'highest', label: 'requests under way in an instance', unit: '' },
    { check: 'heap', figure: 'grownBy', label: 'heap grown by', unit: 'bytes' },
    { check: 'users', figure: 'p50InFaultMs', label: 'median answer while it is silent', unit: 'ms' },
    { check: 'users', figure: 'errorShareInFault', label: 'errors while it is silent', unit: '' },
    { check: 'afterwards', figure: 'p99Ms', label: 'p99 before and after the silence', unit: 'ms' },
    { check: 'afterwards', figure: 'errors', label: 'visits after the silence that failed', unit: '' },
  ],
  advice:
    'Turn the offline queue off, give commands and silent sockets a timeout, and answer 503 at once. The price: a blip that the queue would have bridged is an error that users see, and when Redis is back, visits go on failing until the next connection stands; so retries belong where somebody knows how long they are worth while.',
  settings: [
    {
      name: 'clients.sessions.commandTimeoutMs',
      vulnerable: 'null (ioredis’ default)',
      hardened: String(COMMAND_TIMEOUT_MS),
    },
    {
      name: 'clients.sessions.socketTimeoutMs',
      vulnerable: 'null (ioredis’ default)',
      hardened: String(SOCKET_TIMEOUT_MS),
    },
    { name: 'clients.sessions.connectTimeoutMs', vulnerable: '1000', hardened: String(CONNECT_TIMEOUT_MS) },
    { name: 'clients.sessions.offlineQueue', vulnerable: 'true (ioredis’ default)', hardened: 'false' },
    { name: 'clients.sessions.resend', vulnerable: 'true (ioredis’ default)', hardened: 'false' },
    {
      name: 'clients.sessions.maxRetriesPerRequest',
      vulnerable: '20 (ioredis’ default)',
      hardened: 'without effect',
    },
  ],
  experiment: ({ hardened }) => ({
    topology: standalone(),
    app: {
      instances: INSTANCES,
      settings: {
        clients: {
          sessions: hardened
            ? {
                commandTimeoutMs: COMMAND_TIMEOUT_MS,
                socketTimeoutMs: SOCKET_TIMEOUT_MS,
                connectTimeoutMs: CONNECT_TIMEOUT_MS,
                retryDelayMs: RETRY_MS,
              }
            : {
                commandTimeoutMs: null,
                socketTimeoutMs: null,
                offlineQueue: true,
                resend: true,
                maxRetriesPerRequest: 20,
                retryDelayMs: RETRY_MS,
              },
        },
      },
    },
    workloads: [
      users({
        name: 'visitors',
        journeys: [
          {
            kind: 'session',
            perSecond: VISITS_PER_SECOND,
            maxUsers: Math.ceil((VISITS_PER_SECOND * PATIENCE_MS * 1.3) / 1000),
            stepsPerSession: null,
            viewShare: 0,
            orderShare: 0,
            requestTimeoutMs: PATIENCE_MS,
          },
        ],
      }),
    ],
    nemesis: schedule(
      at(200)
        .inject(faults.cut({ from: 'apps', to: 'primary', by: 'packets' }))
        .for(SILENT_MS),
    ),
    // Everybody is logged in by then.
    load: { beforeMs: 1500, afterMs: 1600 },
    checks: [
      checks.users({
        operations: ['visit'],
        recoveryMs: BACK_WITHIN_MS,
        maxErrorShare: 0,
        // A command's timeout, and as much again for whatever else a visit waits for.
        p99InFaultMs: 2 * COMMAND_TIMEOUT_MS,
      }),
      // Those begun after the heal; what belongs to the silence is left out.
      checks.users({ name: 'afterwards', operations: ['visit'], recoveryMs: 0 }),
      checks.level({
        name: 'waiting',
        metric: 'redis_waiting_commands',
        role: 'sessions',
        max: WAITING_AT_MOST,
      }),
      checks.level({ name: 'requests', metric: 'requests_in_flight' }),
      checks.level({ name: 'heap', metric: 'nodejs_heap_size_used_bytes' }),
      checks.vacuity({
        minimumRatePerSecond: VISITS_PER_SECOND / 2,
        minimumWritesInWindow: 0,
        minimumAttemptsInWindow: (VISITS_PER_SECOND * SILENT_MS) / 1000 / 2,
      }),
    ],
    expect: hardened
      ? [
          {
            check: 'users',
            verdict: 'valid',
            because: `a visit fails ${COMMAND_TIMEOUT_MS} ms after its command was sent, or at once where there is no connection; ${BACK_WITHIN_MS} ms after the heal every instance has a connection again`,
          },
          {
            check: 'waiting',
            verdict: 'valid',
            because: `commands of ${SOCKET_TIMEOUT_MS} ms wait with the silent connection until it is left`,
          },
        ]
      : [
          {
            check: 'users',
            verdict: 'invalid',
            figures: { p99InFaultMs: { min: PATIENCE_MS * 0.97 } },
            because: `users give up after ${PATIENCE_MS} ms, the application does not`,
          },
          {
            check: 'waiting',
            verdict: 'invalid',
            figures: { highest: { min: WAITING_AT_LEAST } },
            because: `${VISITS_PER_SECOND} visits a second for ${SILENT_MS} ms are kept by ${INSTANCES} instances, though nobody waits for most of them any more`,
          },
        ],
  }),
});
