import { addToSet, at, checks, type Delay, defineScenario, faults, schedule, standalone } from 'failover-lab';

const CLIENTS = 150;
/** Each client writes so often. */
const WRITES_PER_SECOND = 2;
/** How long something between the clients and the server resets every connection, old and new. */
const RESET_MS = 1500;
/** What a hand-written `retryStrategy: () => 100` does. */
const EAGER: Delay = { minMs: 100, maxMs: 100 };
const MIN_MS = 200;
const JITTER = 4;
const PATIENT: Delay = { minMs: MIN_MS, maxMs: 800, jitter: JITTER };
const LONGEST_MS = PATIENT.maxMs * (1 + JITTER);
/** From the second delay on, twice the first, none is shorter: so a patient client comes once in it at most. */
const WINDOW_MS = 2 * MIN_MS;
/** A client that is connected again writes when its next write is due, and hears at once that it worked. */
const BACK_WITHIN_MS = LONGEST_MS + 1000 / WRITES_PER_SECOND;

export default defineScenario({
  name: 'reconnect-storm',
  title: 'Everybody comes back at once',
  claim:
    'When connections break, clients that try again at a short fixed interval come up to ten times a second each for as long as a hiccup of the network lasts, and the server has to serve every one of these connections.',
  variants: {
    vulnerable: 'Each client tries again every 100 ms.',
    hardened: 'Delays that double from 200 to 800 ms, each times a random factor of 1 to 5.',
  },
  compare: [
    { check: 'connections', figure: 'peakPerSecond', label: 'new connections at the peak', unit: '/s' },
    { check: 'connections', figure: 'connections', label: 'new connections in all', unit: '' },
    {
      check: 'availability',
      figure: 'longestOutageMs',
      label: 'the longest outage after the heal',
      unit: 'ms',
    },
  ],
  advice:
    'Let the delay between attempts grow, and make most of it random: without the random part clients that lost their connections in the same moment go on meeting each other. Share connections (one a process, or a small pool). The price: the last client is back seconds later, by up to the longest delay; what must be quick needs a short one.',
  settings: [
    { name: 'retryStrategy: delay', vulnerable: '100 ms', hardened: '200 ms, doubling to 800 ms' },
    { name: 'retryStrategy: jitter', vulnerable: 'none', hardened: 'times 1 to 5' },
  ],
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
    nemesis: schedule(
      at(0)
        .inject(faults.reset({ from: 'clients', to: 'primary' }))
        .for(RESET_MS)
        // The load goes on until the most patient client is back.
        .then(BACK_WITHIN_MS),
    ),
    load: { beforeMs: 500, afterMs: 0 },
    checks: [
      checks.connections({ windowMs: WINDOW_MS, maxPeakShare: 1 }),
      checks.availability({
        after: 'heal',
        gapMs: 2 * (1000 / WRITES_PER_SECOND),
        maxOutageMs: BACK_WITHIN_MS,
      }),
      checks.vacuity({ minimumRatePerSecond: CLIENTS / 2, minimumWritesInWindow: 0 }),
    ],
    expect: [
      hardened
        ? {
            check: 'connections',
            verdict: 'valid',
            // Everybody has lost their connection, and has another.
            figures: { connections: { min: CLIENTS } },
            because: `from the second on no delay is shorter than ${WINDOW_MS} ms, so within any ${WINDOW_MS} ms each client comes once at most`,
          }
        : {
            check: 'connections',
            verdict: 'invalid',
            figures: { connections: { min: CLIENTS } },
            because: `each client comes every ${EAGER.maxMs} ms, ${WINDOW_MS / EAGER.maxMs} times in ${WINDOW_MS} ms`,
          },
      {
        check: 'availability',
        verdict: 'valid',
        because: `the longest delay is ${LONGEST_MS} ms, and ${1000 / WRITES_PER_SECOND} ms later the next write is due`,
      },
    ],
  }),
});
