import type { Prng } from '../common/prng.ts';
import { keysOf } from './keys-of.ts';
import type { LockWorkload, RedisWorkload } from './workload.ts';

/** One operation to be done: `value` is the id to add or the version to write, null for a read or an increment. */
export interface Planned {
  f: 'add' | 'write' | 'read' | 'increment';
  key: string;
  value: number | null;
}

/** What one client does next, without end. */
export type Plan = () => Planned;

/** Ids of two clients never meet: a client's ids begin at its index in the run × 2^32. */
const idsPerClient = 2 ** 32;

/**
 * A client's operations. `position` is its place in its group (0 to clients − 1), which decides which registers
 * it writes: key k belongs to the client at k modulo clients. `index` is its index in the run, for ids.
 */
export function planOf(
  workload: Exclude<RedisWorkload, LockWorkload>,
  position: number,
  index: number,
  random: Prng,
): Plan {
  const { keys } = keysOf(workload);
  switch (workload.kind) {
    case 'set': {
      let sequence = 0;
      return () => {
        const id = index * idsPerClient + sequence++;
        return { f: 'add', key: keyAt(keys, (position + sequence) % keys.length), value: id };
      };
    }
    case 'counters': {
      let turn = position;
      return () => ({ f: 'increment', key: keyAt(keys, turn++ % keys.length), value: null });
    }
    case 'registers':
      return registerPlan(keys, workload.clients, workload.readShare, position, random);
  }
}

function registerPlan(
  keys: readonly string[],
  clients: number,
  readShare: number,
  position: number,
  random: Prng,
): Plan {
  const own = keys.filter((_, k) => k % clients === position);
  const versions = own.map(() => 0);
  let turn = 0;
  return () => {
    // More clients than keys: those without a key only read.
    if (own.length === 0 || random.next() < readShare) {
      const from = own.length > 0 && random.next() < 0.5 ? own : keys;
      return { f: 'read', key: random.pick(from), value: null };
    }
    const at = turn++ % own.length;
    const version = (versions[at] ?? 0) + 1;
    versions[at] = version;
    return { f: 'write', key: keyAt(own, at), value: version };
  };
}

function keyAt(keys: readonly string[], at: number): string {
  const key = keys[at];
  if (key === undefined) throw new RangeError(`no key ${at} of ${keys.length}`);
  return key;
}
