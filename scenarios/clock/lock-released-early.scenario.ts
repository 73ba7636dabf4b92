import { at, checks, defineScenario, faults, locks, schedule, standalone } from 'failover-lab';

const LEASE_MS = 60_000;
const HOLD_MS = 2000;
/** Locks, and clients that want them: three for each. */
const LOCKS = 4;
const CLIENTS = 12;

export default defineScenario({
  name: 'lock-released-early',
  title: 'The clock is set, and every lock is free',
  claim:
    'A lock’s lease ends at a time of day: when the clock of Redis’ machine is set forward by the lease, every lock is granted again while its holder is at work, and what they do is mixed, unless what they work on goes by fencing tokens.',
  variants: {
    vulnerable: 'The resource takes whatever comes from whoever was granted the lock.',
    hardened: 'Each grant has a token, and the resource refuses an old one.',
  },
  compare: [
    { check: 'locks', figure: 'twoHolders', label: 'grants with a second holder', unit: '' },
    { check: 'locks', figure: 'interleaved', label: 'steps mixed with a later holder’s', unit: '' },
    { check: 'locks', figure: 'staleSteps', label: 'steps refused by their token', unit: '' },
  ],
  advice:
    'Give each grant a number that grows (INCR, in the script that takes the lock), and have the resource refuse one that is lower than it has seen. The price: the resource has to take part, and the earlier holder’s work is lost half-way. A lease that is many times as long as the work does not help: a clock that is set may be off by any amount.',
  settings: [{ name: 'fencing token', vulnerable: 'not looked at', hardened: 'checked by the resource' }],
  experiment({ hardened }) {
    return {
      topology: standalone(),
      workloads: [
        locks({
          name: 'locks',
          clients: CLIENTS,
          keys: LOCKS,
          leaseMs: LEASE_MS,
          holdMs: HOLD_MS,
          fenced: hardened,
        }),
      ],
      nemesis: schedule(
        at(1000)
          .inject(faults.stepClock({ on: 'primary', byMs: LEASE_MS }))
          .then(HOLD_MS + 500),
      ),
      checks: [checks.locks(), checks.vacuity({ minimumRatePerSecond: 1, minimumWritesInWindow: 0 })],
      expect: [
        hardened
          ? {
              check: 'locks',
              verdict: 'valid',
              figures: { staleSteps: { min: 1 } },
              because: 'a token is higher than all before, and the resource takes no lower one any more',
            }
          : {
              check: 'locks',
              verdict: 'invalid',
              figures: { twoHolders: { min: 1 }, interleaved: { min: 1 } },
              because: `up to ${LOCKS} holders are at work at the moment of the step, and ${CLIENTS - LOCKS} clients wait for them`,
            },
      ],
    };
  },
});
