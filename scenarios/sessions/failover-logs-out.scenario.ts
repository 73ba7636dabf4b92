import { at, checks, defineScenario, faults, promotion, schedule, sentinel, users } from 'failover-lab';

/** How long replication stands still before the crash; well below down-after, so no Sentinel takes note. */
const STALL_MS = 400;
/** New users; their logins are due whatever the answers do. */
const LOGINS_PER_SECOND = 150;
/** Each logs in once and then comes back again and again: so many that some have yet to arrive when the primary dies. */
const ARRIVING = 360;
/** Virtual users who are them. */
const BROWSERS = 30;
/** How long the application waits for a replica; a login that finds none takes so long to be refused. */
const ACKNOWLEDGE_WITHIN_MS = 100;
/** Logins that are acknowledged while replication stands still; the half is for a busy machine. */
const LOST_AT_LEAST = (LOGINS_PER_SECOND * STALL_MS) / 1000 / 2;

export default defineScenario({
  name: 'failover-logs-out',
  title: 'A failover logs people out',
  claim:
    '"Our logins survive a failover": whoever logged in while the replicas lagged behind is logged out by it, and nothing says so, neither an error nor a log line.',
  headline: true,
  variants: {
    vulnerable: 'A login is answered as soon as the primary has it.',
    hardened:
      'A login is answered when a replica has it too (WAIT, its answer checked), and refused otherwise.',
  },
  advice:
    'Follow the write of a login with WAIT 1, look at the number it answers, and refuse the login (503) when it is too small: Sentinel promotes the replica that has received most, so with equal priorities one is enough as long as that replica is reachable. The price: a round trip to a replica for each login, and no logins while replication stands still or no replica is there; people who are logged in already notice nothing of that.',
  settings: [
    { name: 'sessions.acknowledgedBy', vulnerable: '0', hardened: '1' },
    {
      name: 'sessions.acknowledgeWithinMs',
      vulnerable: '(without effect)',
      hardened: String(ACKNOWLEDGE_WITHIN_MS),
    },
  ],
  compare: [
    { check: 'sessions', figure: 'loggedOutUsers', label: 'users logged out', unit: '' },
    { check: 'logins', figure: 'p50Ms', label: 'a login takes', unit: 'ms' },
    { check: 'logins', figure: 'errorsInFault', label: 'logins refused', unit: '' },
    {
      check: 'availability',
      figure: 'overallLongestOutageMs',
      label: 'nobody could do anything',
      unit: 'ms',
    },
  ],
  experiment({ hardened, timing }) {
    return {
      topology: sentinel(),
      app: {
        instances: 2,
        settings: {
          sessions: { acknowledgedBy: hardened ? 1 : 0, acknowledgeWithinMs: ACKNOWLEDGE_WITHIN_MS },
        },
      },
      workloads: [
        // Logged in before anything happens.
        users({
          name: 'settled',
          on: 'load-1',
          firstAccount: 5001,
          journeys: [
            {
              kind: 'session',
              users: 10,
              thinkMs: 50,
              sessionsPerUser: 3,
              stepsPerSession: null,
              viewShare: 0,
              orderShare: 0,
            },
          ],
        }),
        // The first step of each session is its login, so one new user arrives with every step until all have.
        users({
          name: 'arriving',
          on: 'load-2',
          journeys: [
            {
              kind: 'session',
              perSecond: LOGINS_PER_SECOND,
              maxUsers: BROWSERS,
              sessionsPerUser: ARRIVING / BROWSERS,
              stepsPerSession: null,
              viewShare: 0,
              orderShare: 0,
            },
          ],
        }),
      ],
      // Latency would not do: what is under way on the network when a process dies still arrives.
      nemesis: schedule(
        at(200)
          .inject(faults.cut({ from: 'replicas', to: 'primary', oneWay: true, streams: 'replies' }))
          .then(STALL_MS)
          .inject(faults.kill('primary'))
          .once(promotion, { withinMs: timing.failoverBoundMs })
          // Until every Sentinel names the new primary: no instance is sent to the old one when it comes back.
          .then(timing.announceMs),
      ),
      load: { beforeMs: 200 },
      checks: [
        checks.sessions(),
        checks.users({ name: 'logins', operations: ['login'] }),
        checks.users({ name: 'visits', operations: ['visit'] }),
        checks.availability({ gapMs: 500 }),
        checks.recovery({ fault: 'kill', mustRecoverWithinMs: timing.failoverBoundMs }),
        checks.vacuity({
          minimumRatePerSecond: 100,
          minimumWritesInWindow: 50,
          minimumAttemptsInWindow: LOST_AT_LEAST,
        }),
      ],
      expect: [
        ...(hardened
          ? [
              {
                check: 'sessions',
                verdict: 'valid' as const,
                because: 'whoever was told that the login worked is known to a replica',
              },
              {
                check: 'logins',
                verdict: 'any' as const,
                figures: { errorsInFault: { min: LOST_AT_LEAST } },
                because: 'the price: logins that no replica confirms are refused',
              },
            ]
          : [
              {
                check: 'sessions',
                verdict: 'invalid' as const,
                figures: { 'byCause.unreplicated': { min: LOST_AT_LEAST } },
                because: `${LOGINS_PER_SECOND} logins/s were acknowledged for ${STALL_MS} ms by the primary alone, which then died; half of them at least on a busy machine`,
              },
            ]),
        {
          check: 'recovery',
          verdict: 'valid',
          because: 'after the failover everybody can log in and visit again',
        },
      ],
    };
  },
});
