import { at, checks, cluster, defineScenario, faults, schedule, versionedRegisters } from 'failover-lab';
import { suspectedWithinMs } from './bounds.ts';

const KEYS = 12;
/** What clients that are served may be without a success: three timeouts of a client, on a busy machine. */
const HICCUP_MS = 1500;
/** How long a key of this scenario is current at most: 12 keys are written 120 times a second, in turn; ten times as long on a busy machine. */
const WRITTEN_EVERY_MS = 1000;

export default defineScenario({
  name: 'reads-while-down',
  title: 'A site with a copy of everything that may not be read',
  claim:
    'A site that has a replica of every shard can read nothing once it is cut off from the primaries, although all the data are there: its nodes refuse reads too. They can be made to answer, and then what they answer is as old as the cut.',
  variants: {
    vulnerable:
      'As installed: a node that sees no majority of primaries refuses everything after the node timeout.',
    hardened: 'cluster-allow-reads-when-down yes: it refuses writes only.',
  },
  advice:
    'Decide which it shall be. Set cluster-allow-reads-when-down yes where an old answer is better than none (a cache, a catalogue), and leave it off where it is worse (sessions, permissions, limits, locks). The price is counted here: readers are shown old values for as long as the cut lasts, without any sign of it. Refusing is no guarantee of fresh ones either: a replica goes on for about a node timeout, and answers again when it sees the others again, before it has caught up (up to a second or so, as old as the cut; replica-serve-stale-data no closes that gap).',
  settings: [{ name: 'cluster-allow-reads-when-down', vulnerable: 'no (default)', hardened: 'yes' }],
  compare: [
    { check: 'reads', figure: 'overallLongestOutageMs', label: 'nobody there could read for', unit: 'ms' },
    { check: 'register', figure: 'staleReads', label: 'old values shown', unit: '' },
    { check: 'register', figure: 'staleMaxMs', label: 'the oldest was old by', unit: 'ms' },
  ],
  experiment({ hardened, timing }) {
    const { nodeTimeoutMs } = timing;
    // So long after the last moment at which its nodes still answer that it shows.
    const watchedMs = nodeTimeoutMs + 1000;
    const lastsMs = suspectedWithinMs(nodeTimeoutMs) + watchedMs;
    const catalogue = { clients: 4, keys: KEYS };
    return {
      topology: cluster({
        zones: { main: ['host-1', 'host-2', 'host-3'], branch: ['host-4', 'host-5', 'host-6'] },
        redis: hardened ? { 'cluster-allow-reads-when-down': 'yes' } : {},
      }),
      clientHosts: [
        { name: 'client-1', zone: 'main' },
        { name: 'client-2', zone: 'branch' },
      ],
      workloads: [
        versionedRegisters({ ...catalogue, name: 'writers', readShare: 0, rate: { perSecond: 120 } }),
        versionedRegisters({
          ...catalogue,
          name: 'readers',
          on: 'client-2',
          keysOf: 'writers',
          readFrom: 'replica',
          readShare: 1,
          pauseMs: 20,
          redis: { connectTimeout: 500, commandTimeout: 500 },
        }),
      ],
      nemesis: schedule(
        at(100)
          .inject(faults.split(['zone:main', 'zone:branch']))
          .for(lastsMs),
      ),
      load: { beforeMs: 300, afterMs: 500 },
      checks: [
        checks.availability({ name: 'reads', group: 'readers', maxOutageMs: HICCUP_MS }),
        checks.register({ group: 'readers', properties: ['stale'] }),
        checks.availability({ name: 'writes', group: 'writers' }),
        checks.recovery({ mustNotFailOver: true }),
        checks.vacuity({ minimumRatePerSecond: 50, minimumWritesInWindow: 50 }),
      ],
      expect: [
        hardened
          ? {
              check: 'reads',
              verdict: 'valid',
              because:
                'a replica whose cluster is down refuses commands that write, and no others (getNodeByQuery)',
            }
          : {
              check: 'reads',
              verdict: 'invalid',
              figures: { overallLongestOutageMs: { min: watchedMs } },
              because: `no replica sees a majority of primaries any more ${suspectedWithinMs(nodeTimeoutMs)} ms after the cut at the latest, and from then on it refuses reads (CLUSTERDOWN) until the cut is over`,
            },
        hardened
          ? {
              check: 'register',
              verdict: 'invalid',
              figures: { staleMaxMs: { min: lastsMs - WRITTEN_EVERY_MS } },
              because: `the price: the last reads before the end are as old as the cut (${lastsMs} ms)`,
            }
          : {
              check: 'register',
              verdict: 'invalid',
              figures: { staleReads: { min: 1 } },
              because:
                'old values are shown here too: until the nodes stop, and after the cut until they have caught up',
            },
        {
          check: 'recovery',
          verdict: 'valid',
          because: 'all primaries are on the other side of the cut, and go on',
        },
      ],
    };
  },
});
