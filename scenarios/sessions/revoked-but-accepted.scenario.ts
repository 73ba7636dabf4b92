import { at, checks, defineScenario, faults, schedule, standalone, users } from 'failover-lab';

/** How often an instance proves that its subscription is alive; the application's default. */
const PING_EVERY_MS = 1000;
/** What the clustered store states: a revocation that is not heard is known to be missed after two pings. */
const STALE_MS = 2 * PING_EVERY_MS;
const USERS = 30;
const CUT_MS = 3500;
/** Load after the heal, in which a session that nobody dropped would still be accepted. */
const AFTER_MS = 1500;
/** Users pause so long between two visits, and visit so often before they are logged out elsewhere. */
const THINK_MS = 100;
const VISITS_BEFORE = 15;
const BEFORE_MS = 1000;
/**
 * When the last of them are logged out, after the cut: all visits before at their longest pauses (one and a half)
 * would be 2250 ms after the load's start, which is 1250 ms after the cut.
 */
const LOGGED_OUT_MS = VISITS_BEFORE * THINK_MS * 1.5 - BEFORE_MS;

export default defineScenario({
  name: 'revoked-but-accepted',
  title: 'Users log out, and one instance has not heard of it',
  claim:
    'An instance that keeps sessions in its memory and is cut off Redis without a word goes on accepting sessions that were logged out elsewhere, after the network is whole again too, unless it proves that it still listens and forgets everything when it cannot.',
  variants: {
    vulnerable: 'A local cache that trusts its subscription: nothing is proved, nothing is forgotten.',
    hardened:
      'A ping through the subscription every second; whenever it was interrupted, the local cache is emptied.',
  },
  mitigations: {
    ping: 'The silence is noticed, and nothing is done about it.',
    flush:
      'The local cache is emptied when a connection breaks, which a silent cut does not do before it is healed.',
  },
  compare: [
    {
      check: 'sessions',
      figure: 'longestAcceptedAfterRevokeMs',
      label: 'longest accepted after the logout',
      unit: 'ms',
    },
    { check: 'users', figure: 'errorShareInFault', label: 'errors during the cut', unit: '' },
  ],
  advice:
    'A local cache of sessions needs three things: a proof that its subscription is alive (a message to itself that must come back), a flush of all of it after any gap, and a hard time to live. The price: while an instance cannot hear Redis it answers nobody from its memory, so its users get errors instead of stale sessions; a session may be accepted for two ping periods after its logout.',
  settings: [
    { name: 'sessions.local.pingEveryMs', vulnerable: 'null', hardened: `${PING_EVERY_MS} (default)` },
    { name: 'sessions.local.flushAfterGap', vulnerable: 'false', hardened: 'true (default)' },
  ],
  experiment({ hardened, mitigation }) {
    const pings = hardened || mitigation === 'ping';
    const flushAfterGap = hardened || mitigation === 'flush';
    return {
      topology: standalone(),
      app: {
        instances: 2,
        settings: {
          sessions: {
            store: 'clustered',
            local: { pingEveryMs: pings ? PING_EVERY_MS : null, flushAfterGap },
          },
        },
      },
      workloads: [
        users({
          name: 'users',
          journeys: [
            {
              kind: 'revocation',
              users: USERS,
              instances: ['app-1'],
              through: 'app-2',
              thinkMs: THINK_MS,
              visitsBefore: VISITS_BEFORE,
              // More than the load is long.
              visitsAfter: 100,
            },
          ],
        }),
      ],
      load: { beforeMs: BEFORE_MS, afterMs: AFTER_MS },
      nemesis: schedule(
        at(0)
          .inject(faults.cut({ from: 'host:app-1', to: 'primary' }))
          .for(CUT_MS),
      ),
      checks: [
        checks.sessions({ staleMs: STALE_MS }),
        checks.users({ operations: ['visit'], recoveryMs: STALE_MS }),
        // Logouts through the other instance are the writes.
        checks.vacuity({ minimumRatePerSecond: 50, minimumWritesInWindow: 20 }),
      ],
      expect: hardened
        ? [
            {
              check: 'sessions',
              verdict: 'valid',
              figures: {
                logouts: { min: USERS / 2 },
                longestAcceptedAfterRevokeMs: { min: 1, max: STALE_MS },
              },
              because: `a revocation that is not heard is known to be missed after two pings, ${STALE_MS} ms; until then the local copy is used`,
            },
          ]
        : [
            {
              check: 'sessions',
              verdict: 'invalid',
              figures: {
                logouts: { min: USERS / 2 },
                longestAcceptedAfterRevokeMs: {
                  min: CUT_MS - LOGGED_OUT_MS + (flushAfterGap ? -2 * THINK_MS : AFTER_MS - 2 * THINK_MS),
                },
              },
              because: flushAfterGap
                ? `everybody was logged out ${LOGGED_OUT_MS} ms into the cut, and the connection does not break before the heal ${CUT_MS} ms into it`
                : `everybody was logged out ${LOGGED_OUT_MS} ms into the cut of ${CUT_MS} ms; the message was lost, the local copy is good for 30 s, so it is accepted to the end of the load ${AFTER_MS} ms after the heal`,
            },
          ],
    };
  },
});
