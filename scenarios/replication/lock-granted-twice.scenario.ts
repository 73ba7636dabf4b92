import { at, checks, defineScenario, faults, locks, schedule, sentinel, switchAnnounced } from 'failover-lab';
import { attentive } from '../clients/attentive.ts';

const LOCKS = 1000;
const CLIENTS = 30;
/** How often some lock is asked for while replication stands still; most of those are free. */
const ASKED_MEANWHILE = 150;
/** At least so many of these are granted twice; some fifty usually are. */
const SECOND_GRANTS = 5;
/** Many times as long as any failover: no lock is ever free because its lease has ended. */
const LEASE_MS = 3_600_000;

export default defineScenario({
  name: 'lock-granted-twice',
  title: 'The primary dies, and locks that were just granted are granted again',
  claim:
    'A lock that was granted just before its primary died is free after the failover: a second client is granted it while the first is at work, and what they do is mixed, unless what they work on goes by fencing tokens.',
  variants: {
    vulnerable: 'The resource takes whatever comes from whoever was granted the lock.',
    hardened:
      'Each grant has a token, and the resource refuses a lower one, and one that it has seen from somebody else.',
  },
  compare: [
    { check: 'locks', figure: 'twoHolders', label: 'grants with a second holder', unit: '' },
    { check: 'locks', figure: 'interleaved', label: 'steps mixed with a later holder’s', unit: '' },
    { check: 'locks', figure: 'staleSteps', label: 'steps refused by their token', unit: '' },
  ],
  advice:
    'Give each grant a number that grows, and have the resource refuse one that is not higher than all it has seen from others. Tokens that the same Redis counts are lost with the lock and given out again, so equal ones have to be refused too; then it is the new holder who is turned away. The price: the resource has to take part. WAIT after taking the lock makes the loss rarer and not impossible.',
  settings: [{ name: 'fencing token', vulnerable: 'not looked at', hardened: 'checked by the resource' }],
  experiment({ hardened, timing }) {
    const { downAfterMs, failoverBoundMs } = timing;
    // Well below down-after, so that no Sentinel takes note: theirs are the same links.
    const stallMs = 0.5 * downAfterMs;
    const perSecond = Math.ceil((ASKED_MEANWHILE * 1000) / stallMs);
    return {
      topology: sentinel({ replicas: 2 }),
      workloads: [
        locks({
          name: 'locks',
          clients: CLIENTS,
          // Clients that waited for their turn would leave no lock free, and what a replica believes to be held stays so.
          rate: { perSecond },
          keys: LOCKS,
          leaseMs: LEASE_MS,
          // Most work lasts longer than even a slow failover.
          holdMs: 1.25 * failoverBoundMs,
          fenced: hardened,
          redis: attentive,
        }),
      ],
      nemesis: schedule(
        at(500)
          .inject(faults.cut({ from: 'replicas', to: 'primary', oneWay: true, streams: 'replies' }))
          .then(stallMs)
          .inject(faults.kill('primary'))
          .once(switchAnnounced, { withinMs: failoverBoundMs })
          // All clients are back, many locks have been asked for again, and their first holders have gone on.
          .then(2500 + 2 * stallMs),
      ),
      checks: [
        checks.locks(),
        checks.vacuity({ minimumRatePerSecond: 10, minimumWritesInWindow: SECOND_GRANTS }),
      ],
      expect: [
        hardened
          ? {
              check: 'locks',
              verdict: 'valid',
              figures: { staleSteps: { min: SECOND_GRANTS } },
              because: 'the counter of the tokens was lost with the lock, and the resource takes none twice',
            }
          : {
              check: 'locks',
              verdict: 'invalid',
              figures: { twoHolders: { min: SECOND_GRANTS }, interleaved: { min: SECOND_GRANTS } },
              because: `half of the ${ASKED_MEANWHILE} locks that are asked for while nothing is replicated are granted, are free again on the new primary, and are asked for while their holders are still at work`,
            },
      ],
    };
  },
});
