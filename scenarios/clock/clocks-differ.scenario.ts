import { at, checks, defineScenario, faults, promotion, schedule, sentinel, users } from 'failover-lab';

/** By how far the clock of the replica's machine is ahead: twice the sessions' sliding half hour, and what chrony holds at worst. */
const AHEAD_MS = { vulnerable: 3_600_000, hardened: 1000 };
const USERS = 30;

export default defineScenario({
  name: 'clocks-differ',
  title: 'A failover to a machine whose clock is ahead',
  claim:
    'A session slides on by the clock of whoever is primary, but its end is kept as a time of day, on replicas too: a failover to a machine whose clock is an hour ahead ends every session at once.',
  variants: {
    vulnerable: 'The clock of the machine that takes over is an hour ahead; nobody looks at it.',
    hardened: 'The clocks of all machines are within a second of each other.',
  },
  advice:
    'Run chrony on every machine with Redis, and alert on an offset of a second between any two of them (INFO’s server_time_usec, asked of all, is enough). The price: none. Nothing shows before the failover: a replica expires nothing by itself.',
  settings: [
    { name: 'chrony', vulnerable: 'does not run on one machine', hardened: 'runs on all' },
    { name: 'alert on clock offset', vulnerable: 'none', hardened: 'above 1 s' },
  ],
  experiment({ hardened, timing }) {
    return {
      // The replica of which one knows who will be promoted.
      topology: sentinel({ nodes: { 'redis-2': { 'replica-priority': 1 } } }),
      app: { instances: 2 },
      workloads: [
        users({
          name: 'users',
          journeys: [
            // One session each, and whoever is logged out stays out, so that each is counted once.
            {
              kind: 'session',
              users: USERS,
              thinkMs: 50,
              stepsPerSession: null,
              viewShare: 0,
              orderShare: 0,
              relogin: false,
            },
          ],
        }),
      ],
      nemesis: schedule(
        at(500)
          .inject(
            faults.stepClock({
              on: 'node:redis-2',
              byMs: AHEAD_MS[hardened ? 'hardened' : 'vulnerable'],
            }),
          )
          .then(300)
          .inject(faults.kill('primary'))
          .once(promotion, { withinMs: timing.failoverBoundMs })
          .then(timing.announceMs + 1000),
      ),
      // The Sentinel on the machine whose clock leapt stands back for half a minute (TILT); the others do without it.
      settleWithinMs: 5000 + timing.demotionMs,
      checks: [
        checks.sessions(),
        checks.recovery({ fault: 'kill', mustRecoverWithinMs: timing.failoverBoundMs }),
        checks.users(),
        // Whoever is logged out stays out, so that a long settling time has few visits.
        checks.vacuity({ minimumRatePerSecond: hardened ? 10 : 1, minimumWritesInWindow: 0 }),
      ],
      expect: [
        hardened
          ? {
              check: 'sessions',
              verdict: 'valid',
              because: 'a session that was just used has half an hour left, on every machine’s clock',
            }
          : {
              check: 'sessions',
              verdict: 'invalid',
              figures: { loggedOutUsers: { min: USERS / 2 }, 'byCause.clock': { min: USERS / 2 } },
              because:
                'by the new primary’s clock every session ended half an hour ago; who was in the middle of a login may be spared',
            },
      ],
    };
  },
});
