import { at, checks, defineScenario, faults, promotion, schedule, sentinel, users } from 'failover-lab';

/** The smallest value that Redis takes. */
const MAX_LAG_SECONDS = 1;
/**
 * When the last login may be acknowledged after the isolation: lags count in whole seconds, so a replica is late after
 * up to max-lag + 1 s, and that is looked at once a second (replication.c, refreshGoodSlavesCount, called by
 * replicationCron). The rest is for a busy machine's timers.
 */
const LOSS_BOUND_MS = (MAX_LAG_SECONDS + 1 + 1) * 1000 + 300;
/** Users beside the primary. */
const LOGINS_PER_SECOND = 20;
/** Each comes back so often, once a second: long enough to be seen when the network has healed. */
const VISITS = 6;

export default defineScenario({
  name: 'split-brain-logins',
  title: 'Logins in a split brain',
  claim:
    'When the primary is cut off together with an instance of the application, that instance goes on logging people in, and all of them are logged out once the network heals.',
  variants: {
    vulnerable:
      'Redis as installed: logins beside the isolated primary work for as long as the network is cut.',
    hardened: `The primary refuses writes once no replica has answered for ${MAX_LAG_SECONDS} s: logins beside it get a 503 after ${LOSS_BOUND_MS / 1000} s at the latest.`,
  },
  advice:
    'Set min-replicas-to-write 1 and min-replicas-max-lag 1 on every data node. It bounds the time in which logins are lost and does not make it zero; WAIT for each login (the scenario failover-logs-out) does. The price: users beside the isolated primary see 503 for logins and visits until the network heals, and so does everybody while all replicas are away.',
  settings: [
    { name: 'min-replicas-to-write', vulnerable: '0 (default)', hardened: '1' },
    { name: 'min-replicas-max-lag', vulnerable: '10 (without effect)', hardened: String(MAX_LAG_SECONDS) },
  ],
  compare: [
    { check: 'sessions', figure: 'loggedOutUsers', label: 'users logged out', unit: '' },
    {
      check: 'sessions',
      figure: 'lastLostLoginAfterFaultMs',
      label: 'the last lost login, after the cut',
      unit: 'ms',
    },
    { check: 'users', figure: 'errorsInFault', label: 'errors beside the primary', unit: '' },
  ],
  experiment({ hardened, timing }) {
    // A promotion comes later than down-after, so the isolation outlasts the hardened variant’s bound; and the switch.
    const afterPromotionMs = Math.max(timing.announceMs, LOSS_BOUND_MS - timing.downAfterMs + 200);
    // For so long the minority goes on in the vulnerable variant, and refuses in the other; half is for a busy machine.
    const hitAtLeast = Math.floor((LOGINS_PER_SECOND * afterPromotionMs) / 1000 / 2);
    return {
      topology: sentinel({
        redis: hardened ? { 'min-replicas-to-write': 1, 'min-replicas-max-lag': MAX_LAG_SECONDS } : {},
      }),
      app: { instances: 2 },
      workloads: [
        users({
          name: 'beside',
          on: 'load-1',
          journeys: [
            {
              kind: 'login-storm',
              instances: ['app-1'],
              perSecond: LOGINS_PER_SECOND,
              maxUsers: LOGINS_PER_SECOND * (VISITS + 1),
              visits: VISITS,
              thinkMs: 1000,
            },
          ],
        }),
        users({
          name: 'majority',
          on: 'load-2',
          firstAccount: 5001,
          journeys: [
            { kind: 'session', instances: ['app-2'], users: 10, thinkMs: 100, viewShare: 0, orderShare: 0 },
          ],
        }),
      ],
      // The users and the database reach both sides: what is cut is what lies between Redis, Sentinels and application.
      nemesis: schedule(
        at(200)
          .inject(
            faults.split([
              ['primary', 'host:app-1'],
              ['replicas', 'host:app-2'],
            ]),
          )
          .once(promotion, { withinMs: timing.failoverBoundMs })
          .then(afterPromotionMs),
      ),
      load: { beforeMs: 200, afterMs: 500 },
      checks: [
        checks.sessions({ group: 'beside' }),
        checks.sessions({ name: 'sessions-majority', group: 'majority' }),
        checks.users({ group: 'beside' }),
        checks.users({ name: 'users-majority', group: 'majority' }),
        checks.recovery({ group: 'majority', mustRecoverWithinMs: timing.failoverBoundMs }),
        checks.vacuity({
          minimumRatePerSecond: 30,
          // The hardened primary refuses most of them: the logins of its first second at least, the half of them for a busy machine.
          minimumWritesInWindow: hardened ? LOGINS_PER_SECOND / 2 : 100,
          minimumAttemptsInWindow: 100,
        }),
      ],
      expect: [
        ...(hardened
          ? [
              {
                check: 'sessions',
                verdict: 'any' as const,
                figures: { lastLostLoginAfterFaultMs: { max: LOSS_BOUND_MS } },
                because: `logins end at most max-lag + 2 s after the isolation (${LOSS_BOUND_MS} ms with the machine's own delays)`,
              },
              {
                check: 'users',
                verdict: 'any' as const,
                figures: { errorsInFault: { min: hitAtLeast } },
                because: 'the price: whoever is beside the isolated primary is refused',
              },
            ]
          : [
              {
                check: 'sessions',
                verdict: 'invalid' as const,
                figures: {
                  'byCause.minority-primary': { min: hitAtLeast },
                  lastLostLoginAfterFaultMs: { min: LOSS_BOUND_MS },
                },
                because:
                  'the isolated primary goes on taking logins after another was promoted, until the heal',
              },
            ]),
        {
          check: 'recovery',
          verdict: 'valid',
          because: 'the majority fails over whatever the minority does',
        },
      ],
    };
  },
});
