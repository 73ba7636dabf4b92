import { addToSet, at, checks, cluster, defineScenario, faults, schedule } from 'failover-lab';

const SHARDS = 5;
const CLIENTS = 4;
const PER_SECOND = 300;
/** Of each client's connection to each primary: Toxiproxy limits connections one by one. */
const KILOBYTES_PER_SECOND = 2;
/** Of one SADD with a key and an id of this scenario, in Redis' protocol, at the least. */
const COMMAND_BYTES = 40;
/** What one shard can take at most: less than the load, and more than its even share of it. */
const SHARD_PER_SECOND = Math.ceil((CLIENTS * KILOBYTES_PER_SECOND * 1000) / COMMAND_BYTES);
/** How long a user waits. */
const TIMEOUT_MS = 500;
const LASTS_MS = 4000;
/** The queue grows until nothing in it is answered in time; from then on nobody of the shard's users gets anything. */
const OUTAGE_MS = 2000;

export default defineScenario({
  name: 'hot-tag',
  title: 'One hash tag for everything: one shard melts while the others idle',
  claim:
    'A cluster of five is no faster than one server if all keys share a hash tag: under a load that five shards carry easily, one is overrun and answers nothing in time, while four stand idle.',
  variants: {
    vulnerable: 'All keys have the same hash tag, so that commands on several of them work.',
    hardened: 'Keys lie wherever their names put them.',
  },
  advice:
    'Tag keys by what is small and numerous (a user, a cart), never by what is big (a tenant, the application), and watch commands per shard, not their sum. The price: transactions, scripts and commands on several keys work within one user or cart alone.',
  settings: [{ name: 'keys', vulnerable: 'orders:{shop}:17', hardened: 'orders:17' }],
  compare: [
    { check: 'availability', figure: 'overallLongestOutageMs', label: 'nobody was served for', unit: 'ms' },
    { check: 'set', figure: 'acknowledged', label: 'commands answered in time', unit: '' },
  ],
  experiment({ hardened }) {
    return {
      topology: cluster({ primaries: SHARDS, replicas: 0 }),
      workloads: [
        addToSet({
          name: 'orders',
          clients: CLIENTS,
          keys: 300,
          ...(hardened ? {} : { keySlots: { tag: 'shop' } }),
          rate: { perSecond: PER_SECOND },
          redis: { commandTimeout: TIMEOUT_MS },
        }),
      ],
      // What a shard can take is made small, alike for all of them: the lab has no machine for each server to wear out.
      nemesis: schedule(
        at(300)
          .inject(
            faults.bandwidth({
              from: 'clients',
              to: 'primaries',
              kilobytesPerSecond: KILOBYTES_PER_SECOND,
            }),
          )
          .for(LASTS_MS),
      ),
      load: { beforeMs: 300, afterMs: 500 },
      checks: [
        checks.availability({ maxOutageMs: OUTAGE_MS }),
        checks.slotCoverage(),
        checks.set(),
        checks.vacuity({
          minimumRatePerSecond: PER_SECOND / 2,
          minimumWritesInWindow: 50,
          minimumAttemptsInWindow: (PER_SECOND * LASTS_MS) / 1000 / 2,
        }),
      ],
      expect: [
        hardened
          ? {
              check: 'availability',
              verdict: 'valid',
              because: `${PER_SECOND / SHARDS} commands/s go to each shard, a third of what it can take`,
            }
          : {
              check: 'availability',
              verdict: 'invalid',
              figures: { overallLongestOutageMs: { min: OUTAGE_MS } },
              because: `one shard can take at most ${SHARD_PER_SECOND} of ${PER_SECOND} commands/s: its queue grows beyond ${TIMEOUT_MS} ms within ${(LASTS_MS - OUTAGE_MS) / 1000} s`,
            },
        { check: 'set', verdict: 'valid', because: 'what was answered is stored, in any case' },
      ],
    };
  },
});
