import { at, checks, defineScenario, faults, schedule, sentinel, users } from 'failover-lab';

const USERS = 20;
const SESSIONS_PER_USER = 8;
const SESSIONS = USERS * SESSIONS_PER_USER;
const THINK_MS = 50;
/** All have logged in and been back: one step in each session takes 8 × 50 ms, the first of them is its login. */
const SETTLED_MS = 2 * SESSIONS_PER_USER * THINK_MS;
/**
 * How long a restart may take; Sentinels must not have noticed by then, or they fail over. A process is back after 0.1 s,
 * a container after 0.4 s; with ten times the work that a machine's processors can do, the latter took up to 5.2 s.
 */
const RESTART_MS = 8000;

export default defineScenario({
  name: 'crash-loop-logout',
  title: 'The primary restarts by itself, and everybody is logged out',
  claim:
    'A primary without persistence that a supervisor restarts at once logs everybody out, although every process is up again and nobody has failed over.',
  variants: {
    vulnerable: 'No persistence, and a supervisor that restarts a dead process at once.',
    hardened: 'The same supervisor; the primary keeps an append-only file.',
  },
  advice:
    'Give the nodes that keep sessions persistence (appendonly yes), or keep supervisors from restarting Redis by themselves, so that Sentinel promotes a replica that still has the sessions. The price: disk writes. With appendfsync everysec a process that dies loses nothing, for what it wrote is in the kernel; a machine that dies loses up to about two seconds of logins.',
  settings: [
    { name: 'appendonly', vulnerable: 'no', hardened: 'yes' },
    { name: 'appendfsync', vulnerable: '(without effect)', hardened: 'everysec (default)' },
    { name: 'save', vulnerable: '"" (off)', hardened: '"" (off)' },
  ],
  compare: [
    { check: 'sessions', figure: 'loggedOutUsers', label: 'users logged out', unit: '' },
    {
      check: 'availability',
      figure: 'overallLongestOutageMs',
      label: 'nobody could do anything',
      unit: 'ms',
    },
  ],
  experiment({ hardened, timing }) {
    return {
      topology: sentinel({
        redis: { save: '""', appendonly: hardened ? 'yes' : 'no' },
        timing: { downAfterMs: Math.max(timing.downAfterMs, RESTART_MS) },
      }),
      app: { instances: 2 },
      workloads: [
        users({
          name: 'users',
          journeys: [
            {
              kind: 'session',
              users: USERS,
              sessionsPerUser: SESSIONS_PER_USER,
              stepsPerSession: null,
              thinkMs: THINK_MS,
              viewShare: 0,
              orderShare: 0,
            },
          ],
        }),
      ],
      // The same fault in both variants: what a restart finds is what had been written to disk.
      nemesis: schedule(at(SETTLED_MS).inject(faults.restart('primary', { data: 'kept' }))),
      // Each session is visited several times.
      load: { beforeMs: 200, afterMs: 4 * SESSIONS_PER_USER * THINK_MS },
      checks: [
        checks.sessions(),
        checks.users(),
        checks.recovery({ mustNotFailOver: true, mustRecoverWithinMs: timing.failoverBoundMs }),
        checks.availability(),
        checks.vacuity({ minimumRatePerSecond: 50, minimumWritesInWindow: 0 }),
      ],
      expect: [
        {
          check: 'recovery',
          verdict: 'valid',
          because: 'the restart takes less than down-after, so no Sentinel fails over',
        },
        hardened
          ? {
              check: 'sessions',
              verdict: 'valid',
              because: 'the append-only file holds every login that was acknowledged when a process dies',
            }
          : {
              check: 'sessions',
              verdict: 'invalid',
              figures: { 'byCause.wiped': { min: USERS } },
              because: `of the ${SESSIONS} sessions at least one of each user was there before the restart, and no node has any of them after it`,
            },
      ],
    };
  },
});
