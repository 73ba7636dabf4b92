import { at, checks, defineScenario, faults, schedule, standalone, users } from 'failover-lab';

/** Connections that somebody leaves behind. */
const LEAK_PER_SECOND = 200;
/** Whole seconds; the smallest that Redis takes. In production a few minutes do. */
const TIMEOUT_SECONDS = 1;
/**
 * How long an idle connection may stand: Redis compares whole seconds, so one is idle for more than `timeout` after up
 * to timeout + 1 s, and it looks at each client once a second (server.c, clientsCron; timeout.c).
 */
const STANDS_MS = (TIMEOUT_SECONDS + 1 + 1) * 1000;
/** Connections of the application and the lab: fewer than 10 for each of two instances, and some for the lab. */
const OWN = 40;
/** So many fit in any case when idle ones are closed. The same in both variants: without that it is full a moment later. */
const MAXCLIENTS = (LEAK_PER_SECOND * STANDS_MS) / 1000 + OWN;

/** How long an instance is cut off: what it leaves is taken within OWN / LEAK_PER_SECOND. */
const RESET_MS = 300;
/** From when it could connect again until the leak ends. */
const HOLD_MS = 2000;
/** A busy machine's late answer is no refused connection: that fails at once, as commands are not queued without one. */
const PATIENT = { clients: { sessions: { commandTimeoutMs: 2000 } }, database: { connectTimeoutMs: 10_000 } };
/** Of each instance; each logs in again and again, so long apart. */
const USERS = 10;
const THINK_MS = 200;

export default defineScenario({
  name: 'connections-exhausted',
  title: 'Somebody uses up the connections',
  claim:
    'A client without a pool that leaves its connections open takes all of them in the end: instances that have theirs notice nothing, and one that loses them for a moment does not come back.',
  variants: {
    vulnerable: 'timeout 0: Redis never closes an idle connection.',
    hardened: `timeout ${TIMEOUT_SECONDS}: Redis closes connections that nobody has used for that long, and maxclients has room for those that are opened meanwhile.`,
  },
  advice:
    'Set timeout, and maxclients above what can be opened within it: rate × (timeout + 2 s), and your own. Redis has no limit of connections for each user, so nothing else on the server holds somebody back who leaks faster; give them a Redis of their own, and alert on connected_clients and rejected_connections. A larger maxclients alone only puts it off. The price: your own idle connections are closed too (not those that subscribe or block) and have to be opened again, so choose minutes rather than seconds.',
  settings: [
    { name: 'timeout', vulnerable: '0 (default)', hardened: String(TIMEOUT_SECONDS) },
    { name: 'maxclients', vulnerable: String(MAXCLIENTS), hardened: String(MAXCLIENTS) },
  ],
  compare: [
    {
      check: 'cut-off',
      figure: 'overallLongestOutageMs',
      label: 'nobody could log in where connections were lost',
      unit: 'ms',
    },
    { check: 'steady', figure: 'errorsInFault', label: 'errors where they were kept', unit: '' },
  ],
  experiment({ hardened }) {
    const logins = (name: string, on: string, instance: string, firstAccount: number) =>
      users({
        name,
        on,
        firstAccount,
        journeys: [
          { kind: 'login-storm', instances: [instance], perSecond: null, users: USERS, thinkMs: THINK_MS },
        ],
      });
    return {
      topology: standalone({
        redis: { maxclients: MAXCLIENTS, timeout: hardened ? TIMEOUT_SECONDS : 0 },
      }),
      app: { instances: 2, settings: PATIENT },
      workloads: [logins('cut-off', 'load-1', 'app-1', 1), logins('steady', 'load-2', 'app-2', 5001)],
      nemesis: schedule(
        at(0)
          .inject(
            faults.leakConnections('primary', {
              from: 'host:load-2',
              perSecond: LEAK_PER_SECOND,
              connections: MAXCLIENTS,
            }),
          )
          .inject(faults.reset({ from: 'host:app-1', to: 'primary' }))
          .for(RESET_MS)
          .then(HOLD_MS),
      ),
      load: { beforeMs: 300 },
      checks: [
        checks.availability({ name: 'cut-off', group: 'cut-off', gapMs: 2.5 * THINK_MS }),
        checks.users({ name: 'steady', group: 'steady' }),
        checks.users({ group: 'cut-off' }),
        checks.vacuity({ minimumRatePerSecond: 40, minimumWritesInWindow: 100 }),
      ],
      expect: [
        hardened
          ? {
              check: 'cut-off',
              verdict: 'any',
              figures: { overallLongestOutageMs: { max: RESET_MS + HOLD_MS } },
              because: `at most ${LEAK_PER_SECOND} × ${STANDS_MS / 1000} s idle connections stand, so there is room while the leak goes on`,
            }
          : {
              check: 'cut-off',
              verdict: 'any',
              figures: { overallLongestOutageMs: { min: RESET_MS + HOLD_MS } },
              because: 'what the instance lost was taken, and nothing becomes free before the leak ends',
            },
        {
          check: 'steady',
          verdict: 'any',
          figures: { errorsInFault: { max: 0 } },
          because: 'connections that are in use are refused to nobody, whoever else wants one',
        },
      ],
    };
  },
});
