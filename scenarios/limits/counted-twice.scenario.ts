import { at, checks, defineScenario, faults, schedule, standalone, users } from 'failover-lab';

/** How long a connection whose answers have stopped lives on; so long requests go through to Redis. */
const LIVES_ON_MS = 100;
const RESETS = 2;
const INSTANCES = 2;
const KEYS = 20;
const RATE = 200;
/** Not used up before the last reset, and long before the load's end: 200/s for 20 clients are 10 a second each. */
const LIMIT = { algorithm: 'sliding-log', limit: 25, windowMs: 3_600_000 } as const;

export default defineScenario({
  name: 'counted-twice',
  title: 'A connection breaks between the count and its answer',
  claim:
    'A client that sends again what was under way when its connection broke makes a rate limit count requests twice and turn users away before their limit.',
  variants: {
    vulnerable:
      'ioredis as installed: what was not answered waits for the next connection and is sent again, up to 20 times.',
    hardened:
      'What was under way is not sent again: the instance decides by itself, and whatever Redis has counted it counts once.',
  },
  compare: [
    { check: 'limits', figure: 'countedInExcess', label: 'counts that belong to nobody', unit: '' },
    { check: 'limits', figure: 'underAdmitted', label: 'refused without reason', unit: '' },
    { check: 'limits', figure: 'admittedBy.open', label: 'admitted without an answer of Redis', unit: '' },
  ],
  advice:
    'Give what counts a connection of its own with autoResendUnfulfilledCommands: false, and decide yourself about a request whose answer was lost. The price: what was under way when the connection broke is decided without Redis.',
  settings: [
    { name: 'limits.resend', vulnerable: 'true', hardened: 'false' },
    { name: 'clients.limits.offlineQueue', vulnerable: 'true (ioredis’ default)', hardened: 'false' },
    { name: 'clients.limits.maxRetriesPerRequest', vulnerable: '20 (ioredis’ default)', hardened: '1' },
  ],
  experiment({ hardened }) {
    return {
      topology: standalone(),
      app: {
        instances: INSTANCES,
        settings: {
          limits: {
            policies: { api: LIMIT },
            resend: !hardened,
            // So that a decision whose answer was lost is an admission: what Redis has counted, somebody got.
            whenAway: 'open',
          },
          clients: {
            limits: {
              // Longer than a reset lasts, so that the vulnerable variant decides everything by Redis.
              commandTimeoutMs: 2000,
              ...(hardened ? {} : { offlineQueue: true, maxRetriesPerRequest: 20 }),
            },
          },
        },
      },
      workloads: [
        users({
          name: 'callers',
          journeys: [
            {
              kind: 'limits',
              policies: ['api'],
              keys: KEYS,
              perSecond: RATE,
              maxUsers: 150,
              balance: 'round-robin',
              requestTimeoutMs: 4000,
            },
          ],
        }),
      ],
      nemesis: schedule(
        at(200)
          .inject(faults.reset({ from: 'apps', to: 'primary', afterMs: LIVES_ON_MS }))
          .for(0)
          .then(400)
          .inject(faults.reset({ from: 'apps', to: 'primary', afterMs: LIVES_ON_MS }))
          .for(0),
      ),
      load: { afterMs: 3000 },
      checks: [
        checks.limits({ policy: 'api', ...LIMIT, mayFailOpen: true }),
        checks.users(),
        // Only so many are admitted in the whole run, however long it takes; that the limit was used up the refusals
        // show.
        checks.vacuity({ minimumRatePerSecond: 10, minimumWritesInWindow: 0, minimumAttemptsInWindow: 20 }),
      ],
      expect: [
        hardened
          ? {
              check: 'limits',
              verdict: 'valid',
              figures: {
                countedInExcess: { max: 0 },
                'admittedBy.open': { min: RESETS * INSTANCES },
                refused: { min: KEYS },
              },
              because:
                'nothing runs twice; what lost its answer is decided by the instance, and clients do come to their limit',
            }
          : {
              check: 'limits',
              verdict: 'invalid',
              figures: { countedInExcess: { min: RESETS * INSTANCES } },
              because: `a reset takes at least the answer that set it off, of each of ${INSTANCES} connections, and each of them is counted again; in ${LIVES_ON_MS} ms there are about ${(RATE / INSTANCES) * (LIVES_ON_MS / 1000)} of them`,
            },
      ],
    };
  },
});
