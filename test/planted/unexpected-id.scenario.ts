import { addToSet, at, checks, schedule, sentinel } from 'failover-lab';
import { command, planted, SHORT } from './planted.ts';

/** No client gets as far: ids begin at a client's index × 2^32. */
const NOBODYS_ID = String(999 * 2 ** 32);

export default planted({
  name: 'unexpected-id',
  bug: 'Somebody who is no client writes an id into the set.',
  experiment: ({ hardened }) => ({
    topology: sentinel({ replicas: 0, sentinels: 1, quorum: 1 }),
    workloads: [addToSet({ name: 'writers', clients: 2, rate: { perSecond: 200 } })],
    nemesis: schedule(
      at(200)
        .inject(command('SADD', hardened ? 'somewhere-else' : 'writers:0', NOBODYS_ID))
        .for(300),
    ),
    load: SHORT,
    checks: [checks.set(), checks.vacuity()],
    expect: [
      { check: 'set', verdict: hardened ? 'valid' : 'invalid', because: 'nobody attempted to add it' },
    ],
  }),
});
