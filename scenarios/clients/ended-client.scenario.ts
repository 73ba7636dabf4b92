import {
  addToSet,
  at,
  type ClientOptions,
  checks,
  defineScenario,
  faults,
  schedule,
  sentinel,
  switchAnnounced,
} from 'failover-lab';

/** A usual retry strategy. */
const redis: ClientOptions = {
  failoverDetector: true,
  maxRetriesPerRequest: 1,
  retryDelay: { minMs: 50, maxMs: 100, jitter: 0.5 },
  // The leading Sentinel names the new primary before anybody announces it: who asks it first is not hit.
  spreadSentinels: true,
};
/**
 * The clients are in another zone: asking a Sentinel takes two to three round trips, longer than the pause between
 * two attempts, so when the switch is announced most of them are just asking. With nearby Sentinels it is a few.
 */
const AWAY_MS = 30;
const CLIENTS = 32;
/** After the announcement: the longest pause before a retry, the 100 ms of the listener, a connection, and a margin. */
const CLIENT_MS = 2000;

export default defineScenario({
  name: 'ended-client',
  title: 'The failover detector ends its own client',
  claim:
    'An ioredis client with failoverDetector can end for good in the very failover that it was meant to follow: from then on every command fails with “Connection is closed”, until the process is restarted.',
  variants: {
    vulnerable: 'failoverDetector: true and a usual retry strategy; nobody listens to the event “end”.',
    hardened: 'The same, and a listener that connects again when the client has ended.',
  },
  advice:
    'Listen to “end” and connect again. A detector that belongs to an earlier, broken connection still listens; when it hears of the switch while the client is asking a Sentinel for the primary, it closes the connector under it, and ioredis 6.0 takes that for the end (redis/ioredis#1683 has the symptom). The price: when you close a client yourself, remove the listener first.',
  settings: [
    {
      name: "ioredis: redis.on('end', …)",
      vulnerable: 'nothing',
      hardened: '() => setTimeout(() => redis.connect().catch(() => {}), 100)',
    },
  ],
  experiment({ hardened, timing }) {
    const boundMs = timing.announceMs + CLIENT_MS;
    return {
      topology: sentinel(),
      workloads: [
        addToSet({
          name: 'writers',
          clients: CLIENTS,
          pauseMs: 20,
          redis: hardened ? { ...redis, connectAgainAfterEndMs: 100 } : redis,
        }),
      ],
      nemesis: schedule(
        at(0).inject(faults.latency({ from: 'clients', to: 'everybody', latencyMs: AWAY_MS })),
        at(500)
          .inject(faults.kill('primary'))
          .once(switchAnnounced, { withinMs: timing.failoverBoundMs })
          .then(boundMs + 1000),
      ),
      checks: [
        checks.availability({ after: 'promotion', maxOutageMs: boundMs }),
        checks.recovery({ fault: 'kill' }),
        checks.set(),
        // The distance is a fault too, and lasts from the beginning: all of the load is inside.
        checks.vacuity({ minimumRatePerSecond: 20, minimumWritesInWindow: 50 }),
      ],
      expect: [
        hardened
          ? {
              check: 'availability',
              verdict: 'valid',
              figures: { neverRecovered: { max: 0 } },
              because: `whoever ended connects again; everybody is back within ${boundMs} ms of the promotion`,
            }
          : {
              check: 'availability',
              verdict: 'invalid',
              figures: { neverRecovered: { min: 1 } },
              because: `of ${CLIENTS} clients most are asking a Sentinel just when the switch is announced`,
            },
      ],
    };
  },
});
