import { at, checks, defineScenario, faults, schedule, sentinel, users } from 'failover-lab';

/** How far the replicas lag behind. */
const LAG_MS = 300;
/** For how long they do. */
const LAGGING_MS = 2500;
const USERS = 20;
/** Pause between two steps of a user: some visits come within the lag. */
const THINK_MS = 60;
/** A login, so many visits, a logout: 1.3 s at the longest (1.5 × 60 ms each), so that each user logs in while the replicas lag. */
const VISITS = 12;

export default defineScenario({
  name: 'stale-replica-login',
  title: 'Logged in, and not logged in a moment later',
  claim:
    'When sessions are read from replicas, whoever has just logged in is told that they are not logged in, for as long as the replicas lag behind.',
  variants: {
    vulnerable: 'Sessions are looked up on replicas.',
    hardened: 'Sessions are looked up on the primary, where they were written.',
  },
  advice:
    'Read sessions from the primary; where that is too much load, put a local cache in front rather than a replica behind. replica-serve-stale-data no does not help: it covers a replica that has lost its link, not one that is late. The price: the primary serves all lookups.',
  settings: [{ name: 'sessions.readFrom', vulnerable: 'replica', hardened: 'primary (default)' }],
  experiment({ hardened }) {
    return {
      topology: sentinel(),
      app: { instances: 2, settings: { sessions: { readFrom: hardened ? 'primary' : 'replica' } } },
      workloads: [
        users({
          name: 'users',
          journeys: [
            {
              kind: 'session',
              users: USERS,
              thinkMs: THINK_MS,
              stepsPerSession: VISITS,
              viewShare: 0,
              orderShare: 0,
              // So that it shows whether the session was lost or only late.
              relogin: false,
            },
          ],
        }),
      ],
      nemesis: schedule(
        at(200)
          .inject(faults.latency({ from: 'replicas', to: 'primary', latencyMs: LAG_MS, streams: 'replies' }))
          .for(LAGGING_MS),
      ),
      checks: [
        checks.sessions(),
        checks.users(),
        checks.vacuity({ minimumRatePerSecond: 50, minimumWritesInWindow: 100 }),
      ],
      expect: [
        hardened
          ? {
              check: 'sessions',
              verdict: 'valid',
              because: 'the primary knows whom it has logged in, however late the replicas are',
            }
          : {
              check: 'sessions',
              verdict: 'invalid',
              figures: { 'byCause.replica-lag': { min: USERS / 2 }, 'byCause.unexplained': { max: 0 } },
              because: `each user (half of them on a busy machine) logs in at least once in ${LAGGING_MS} ms, and visits again within ${LAG_MS} ms`,
            },
      ],
    };
  },
});
