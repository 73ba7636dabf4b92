import { addToSet, at, checks, type Fault, schedule, sentinel } from 'failover-lab';
import { planted, SHORT } from './planted.ts';

const FILLERS = 300;
const FILLER_BYTES = 100_000;

/** Fills the primary with keys that are nobody's, three times as much as it may hold. */
const fill: Fault = {
  name: 'fill',
  text: 'fill the primary with other keys',
  async inject({ topology }) {
    const primary = await topology.primary();
    if (primary === null) throw new Error('there is no primary to fill');
    const keys = Array.from({ length: FILLERS }, (_, i) => `filler:${i}`);
    const value = 'x'.repeat(FILLER_BYTES);
    // With noeviction most of these are refused, which is the point.
    const ended = await Promise.allSettled(keys.map((key) => primary.control.set(key, value)));
    const refused = ended.filter(({ status }) => status === 'rejected').length;
    const evicted = Number(/evicted_keys:(\d+)/.exec(await primary.control.info('stats'))?.[1]);
    return {
      text: `fill ${primary.name} with other keys`,
      targets: [primary.name],
      proof: { proved: refused + evicted > 0, text: `${refused} refused, ${evicted} keys evicted` },
      heal: async () => {
        await primary.control.unlink(keys);
        return { proved: true, text: 'they are gone' };
      },
    };
  },
};

export default planted({
  name: 'evicted',
  bug: 'A cache shares the memory of the set, and the server evicts what was not used lately.',
  experiment: ({ hardened }) => ({
    topology: sentinel({
      replicas: 0,
      sentinels: 1,
      quorum: 1,
      redis: { maxmemory: '10mb', 'maxmemory-policy': hardened ? 'noeviction' : 'allkeys-lru' },
    }),
    // So many sets that each is written only once in two seconds: the filler is always fresher.
    workloads: [addToSet({ name: 'writers', clients: 2, rate: { perSecond: 200 }, keys: 400 })],
    nemesis: schedule(at(2000).inject(fill).for(200)),
    load: SHORT,
    checks: [checks.set(), checks.vacuity({ minimumWritesInWindow: 0 })],
    expect: [
      {
        check: 'set',
        verdict: hardened ? 'valid' : 'invalid',
        because: 'refusing is not losing, evicting is',
      },
    ],
  }),
});
