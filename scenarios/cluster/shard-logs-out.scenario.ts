import { at, checks, cluster, defineScenario, faults, promotion, schedule, users } from 'failover-lab';

const SHARDS = 3;
/** How long replication of the shard stands still before its primary dies; below the node timeout, so nobody takes note. */
const STALL_MS = 400;
const LOGINS_PER_SECOND = 150;
/** Each logs in once and then comes back again and again: so many that some have yet to arrive when the primary dies. */
const ARRIVING = 360;
const BROWSERS = 30;
/** How long the application waits for a replica. */
const ACKNOWLEDGE_WITHIN_MS = 100;
/** Logins of the shard's users that are acknowledged while its replication stands still; the half is for a busy machine. */
const LOST_AT_LEAST = Math.floor((LOGINS_PER_SECOND * STALL_MS) / 1000 / SHARDS / 2);
/** A replica waits up to 1 s before it asks for votes, and clients have to find it; the rest is for a busy machine. */
const ELECTION_MS = 3000;

export default defineScenario({
  name: 'shard-logs-out',
  title: 'One shard fails over, and some of its users are logged out',
  claim:
    'Sessions in a cluster are no safer than sessions on one primary: when a shard’s primary dies, whoever of its users logged in while its replica lagged behind is logged out, and nothing says so.',
  variants: {
    vulnerable: 'A login is answered as soon as the shard’s primary has it.',
    hardened:
      'A login is answered when the shard’s replica has it too (WAIT, its answer checked), and refused otherwise.',
  },
  advice:
    'Send WAIT 1 behind the write of a login on the same connection to the same shard, look at the number it answers, and refuse the login when it is too small. With one replica for each shard that is enough; with more, the replica that has received most usually wins the election, but nothing guarantees it. The price: a round trip to a replica for each login, and no logins of a shard whose replica is away.',
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
  ],
  experiment({ hardened, timing }) {
    return {
      topology: cluster({ primaries: SHARDS }),
      app: {
        settings: {
          sessions: { acknowledgedBy: hardened ? 1 : 0, acknowledgeWithinMs: ACKNOWLEDGE_WITHIN_MS },
        },
      },
      workloads: [
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
      nemesis: schedule(
        at(200)
          .inject(
            faults.cut({
              from: 'replicas of slot 0',
              to: 'primary of slot 0',
              oneWay: true,
              streams: 'replies',
              port: 'client',
            }),
          )
          .then(STALL_MS)
          .inject(faults.kill('primary of slot 0'))
          .once(promotion, { withinMs: timing.failoverBoundMs })
          .then(500),
      ),
      load: { beforeMs: 200 },
      checks: [
        checks.sessions(),
        checks.users({ name: 'logins', operations: ['login'] }),
        checks.users({ name: 'visits', operations: ['visit'] }),
        checks.availability({ gapMs: 500 }),
        checks.recovery({
          fault: 'kill',
          mustRecoverWithinMs: 2 * timing.nodeTimeoutMs + ELECTION_MS,
        }),
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
                because: 'whoever was told that the login worked is known to the replica that takes over',
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
                because: `a third of ${LOGINS_PER_SECOND} logins/s was acknowledged for ${STALL_MS} ms by the shard's primary alone, which then died; half of them at least on a busy machine`,
              },
            ]),
        {
          check: 'recovery',
          verdict: 'valid',
          because: 'two node timeouts for the majority to agree, then the election',
        },
      ],
    };
  },
});
