import { addToSet, at, checks, defineScenario, faults, schedule, sentinel } from 'failover-lab';

export default defineScenario({
  name: 'empty-restart',
  title: 'The primary restarts empty, faster than anybody notices',
  claim:
    'A primary without persistence that a supervisor restarts at once comes back empty, stays primary, and its replicas wipe themselves to match.',
  headline: true,
  variants: {
    vulnerable: 'No persistence, and a supervisor that restarts a dead process at once.',
    hardened: 'The same supervisor; the primary keeps an append-only file.',
  },
  advice:
    'Give every node that may be primary persistence (appendonly yes), or keep supervisors from restarting Redis by themselves, so that Sentinel promotes a replica that still has the data. The price: disk writes, and up to a second of writes when the machine itself dies (appendfsync everysec).',
  settings: [
    { name: 'appendonly', vulnerable: 'no', hardened: 'yes' },
    { name: 'save', vulnerable: '"" (off)', hardened: '"" (off)' },
  ],
  experiment({ hardened, timing }) {
    return {
      topology: sentinel({ redis: { save: '""', appendonly: hardened ? 'yes' : 'no' } }),
      workloads: [addToSet({ name: 'writers', clients: 4, rate: { perSecond: 800 } })],
      // The same fault in both variants: what a restart finds is what had been written to disk.
      nemesis: schedule(at(1000).inject(faults.restart('primary', { data: 'kept' }))),
      load: { afterMs: 2 * timing.downAfterMs },
      checks: [
        checks.set(),
        checks.recovery({ mustNotFailOver: true, mustRecoverWithinMs: timing.failoverBoundMs }),
        checks.availability(),
        checks.vacuity({ minimumRatePerSecond: 200, minimumWritesInWindow: 0 }),
      ],
      expect: [
        {
          check: 'recovery',
          verdict: 'valid',
          because: 'the restart takes less than down-after, so no Sentinel fails over',
        },
        hardened
          ? {
              check: 'set',
              verdict: 'valid',
              because: 'the append-only file holds every acknowledged write when a process dies',
            }
          : {
              check: 'set',
              verdict: 'invalid',
              figures: { 'lostByCause.wiped': { min: 100 } },
              because:
                'everything acknowledged before the restart is gone from the primary and from all replicas',
            },
      ],
    };
  },
});
