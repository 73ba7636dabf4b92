import { addToSet, at, checks, type Delay, defineScenario, faults, schedule, standalone } from 'failover-lab';

const CLIENTS = 150;
const DOWN_MS = 1000;
/** What a hand-written `retryStrategy: () => 100` does. */
const EAGER: Delay = { minMs: 100, maxMs: 100 };
const MIN_MS = 200;
const JITTER = 4;
const PATIENT: Delay = { minMs: MIN_MS, maxMs: 1000, jitter: JITTER };
const LONGEST_MS = PATIENT.maxMs * (1 + JITTER);

const WINDOW_MS = 500;
/**
 * A second that the server is away is longer than the first delay, at most 200 × (1 + 4) ms, so whoever comes back does
 * so after the second delay or a later one. The second is drawn from 4 × 400 ms, later ones from more, so this share
 * of the clients is expected in any window; five standard deviations of so many clients are what chance may add.
 */
const EXPECTED = WINDOW_MS / (JITTER * 2 * MIN_MS);
const AT_MOST = EXPECTED + 5 * Math.sqrt((EXPECTED * (1 - EXPECTED)) / CLIENTS);

/** A killed server is started, and loads nothing. */
const START_MS = 1000;
/** Each client writes so often. */
const WRITES_PER_SECOND = 2;
const BACK_WITHIN_MS = DOWN_MS + START_MS + LONGEST_MS + 1000 / WRITES_PER_SECOND;

export default defineScenario({
  name: 'reconnect-storm',
  title: 'Everybody comes back at once',
  claim:
    'When a Redis returns after a second away, clients that try again at a fixed short interval all connect in the same instant: the server gets its whole load of new connections within half a second, before it has answered anybody.',
  variants: {
    vulnerable: 'Each client tries again every 100 ms.',
    hardened: 'Delays that double from 200 ms to 1 s, each times a random factor of 1 to 5.',
  },
  compare: [
    { check: 'connections', figure: 'peakPerSecond', label: 'new connections at the peak', unit: '/s' },
    { check: 'connections', figure: 'peakShare', label: 'of all clients within half a second', unit: '' },
    { check: 'recovery', figure: 'lastClientMs', label: 'the last client is back after', unit: 'ms' },
  ],
  advice:
    'Let the delay between attempts grow, and make most of it random: without the random part clients that lost their connections in the same moment go on meeting each other. Share connections (one a process, or a small pool). The price: the last client is back seconds later, by up to the longest delay; what must be quick needs a short one.',
  settings: [
    { name: 'retryStrategy: delay', vulnerable: '100 ms', hardened: '200 ms, doubling to 1 s' },
    { name: 'retryStrategy: jitter', vulnerable: 'none', hardened: 'times 1 to 5' },
  ],
  // No period of Sentinel takes part; servers are asked for their counts often enough for a half second in `fast` alone.
  timings: ['fast'],
  experiment: ({ hardened }) => ({
    topology: standalone(),
    workloads: [
      addToSet({
        name: 'writers',
        clients: CLIENTS,
        rate: { perSecond: CLIENTS * WRITES_PER_SECOND },
        redis: { maxRetriesPerRequest: null, retryDelay: hardened ? PATIENT : EAGER },
      }),
    ],
    // The load goes on until the most patient client is back.
    nemesis: schedule(
      at(0)
        .inject(faults.restart('primary', { data: 'kept', downMs: DOWN_MS }))
        .then(LONGEST_MS),
    ),
    load: { beforeMs: 500, afterMs: 500 },
    checks: [
      checks.connections({ windowMs: WINDOW_MS, maxPeakShare: AT_MOST }),
      checks.recovery({ mustRecoverWithinMs: BACK_WITHIN_MS }),
      checks.availability(),
      checks.vacuity({ minimumRatePerSecond: 100, minimumWritesInWindow: CLIENTS }),
    ],
    expect: [
      hardened
        ? {
            check: 'connections',
            verdict: 'valid',
            figures: { connections: { min: CLIENTS } },
            because: `the second delay is spread over ${JITTER * 2 * MIN_MS} ms and later ones over more, so ${Math.round(AT_MOST * 100)} % of the clients at most come within any ${WINDOW_MS} ms`,
          }
        : {
            check: 'connections',
            verdict: 'invalid',
            figures: { connections: { min: CLIENTS } },
            because: `each of ${CLIENTS} clients tries every ${EAGER.maxMs} ms, so all of them find the server within ${EAGER.maxMs} ms of its return`,
          },
      {
        check: 'recovery',
        verdict: 'valid',
        because: `the longest delay is ${LONGEST_MS} ms, so that all are back ${BACK_WITHIN_MS} ms after the fault`,
      },
    ],
  }),
});
