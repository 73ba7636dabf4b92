import { at, checks, defineScenario, faults, locks, schedule, sentinel, switchAnnounced } from 'failover-lab';

/** Locks, and clients that want them: three for each. */
const LOCKS = 4;
const CLIENTS = 12;

export default defineScenario({
  name: 'lock-granted-twice',
  title: 'A failover grants a lock a second time',
  claim:
    'A lock that no replica has heard of is gone with its primary: somebody else is granted it while its holder is at work, and what they do is mixed, unless what they work on goes by fencing tokens.',
  variants: {
    vulnerable: 'The resource takes whatever comes from whoever was granted the lock.',
    hardened:
      'Each grant has a token, and the resource refuses an old one (and the same one from somebody else).',
  },
  compare: [
    { check: 'locks', figure: 'twoHolders', label: 'grants with a second holder', unit: '' },
    { check: 'locks', figure: 'interleaved', label: 'steps mixed with a later holder’s', unit: '' },
    { check: 'locks', figure: 'staleSteps', label: 'steps refused by their token', unit: '' },
  ],
  advice:
    'Give each grant a number that grows, and have the resource refuse one that is lower than it has seen, or the same from another holder. The price: the resource has to take part; and a failover gives numbers out again, so that for a while nobody’s work is taken. No setting of Redis makes a lock exclusive: WAIT makes the window smaller.',
  settings: [{ name: 'fencing token', vulnerable: 'not looked at', hardened: 'checked by the resource' }],
  experiment({ hardened, timing }) {
    // A holder has to be at work still when the failover is over, which takes down-after and an election.
    const holdMs = 2 * timing.downAfterMs + 2000;
    const leaseMs = holdMs + 1000;
    return {
      topology: sentinel(),
      workloads: [
        locks({
          name: 'locks',
          clients: CLIENTS,
          keys: LOCKS,
          leaseMs,
          holdMs,
          fenced: hardened,
          redis: {
            failoverDetector: true,
            connectTimeout: 500,
            commandTimeout: 500,
            sentinelCommandTimeout: 500,
          },
        }),
      ],
      // Replicas expire what they know of locks before the crash: whoever holds one then, holds one they never heard of.
      nemesis: schedule(
        at(300)
          .inject(faults.cut({ from: 'replicas', to: 'primary', oneWay: true, streams: 'replies' }))
          .then(leaseMs + 500)
          .inject(faults.kill('primary'))
          .once(switchAnnounced, { withinMs: timing.failoverBoundMs })
          .then(holdMs),
      ),
      checks: [checks.locks(), checks.vacuity({ minimumRatePerSecond: 1, minimumWritesInWindow: 0 })],
      expect: [
        hardened
          ? {
              check: 'locks',
              verdict: 'valid',
              figures: { staleSteps: { min: 1 } },
              because: 'the resource takes no step after one with a higher token; some try',
            }
          : {
              check: 'locks',
              verdict: 'invalid',
              figures: { twoHolders: { min: 1 }, interleaved: { min: 1 } },
              because: `${LOCKS} holders are at work when the primary dies, for ${holdMs / 2} ms more on the average; the new one knows of none of them`,
            },
      ],
    };
  },
});
