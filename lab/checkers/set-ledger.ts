import type { ClientInfo, FinalRead, Operation } from '../history/operation.ts';
import { type IdFlags, idFlags } from './id-flags.ts';

/** What is known of an id. */
const inFinal = 1;
const attempted = 2;
const acknowledged = 4;
const maybe = 8;
const refused = 16;
const told = 32;

/** Ids of the client with index i are i × 2^32 and up, in the order in which it issued them. */
const idsPerClient = 2 ** 32;

export interface SetCounts {
  /** Ids that a client tried to add. */
  attempted: number;
  /** … that a client was told are added. */
  acknowledged: number;
  /** Acknowledged, and not in the final read. */
  lost: number;
  /** In the final read, and nobody tried to add it. */
  unexpected: number;
  /** In the final read, though never acknowledged: all `info` and `fail`. */
  recovered: number;
  /** Those among the recovered that every attempt reported as `fail`, which means certainly not done. */
  appliedFailures: number;
  /** In the final read, not recorded, but perhaps issued by a client that died before it could record it. */
  indeterminate: number;
}

/** One set as it was attempted and as it was read at the end. */
interface Entry {
  ids: IdFlags;
  readAt: number | null;
  touched: boolean;
  acknowledged: boolean;
}

export interface SetLedger {
  add(operation: Operation & { value: number }): void;
  /** Where an acknowledged id ended; `unread` when its set has no final read. */
  fate(key: string, id: number): 'survived' | 'lost' | 'unread';
  /** True for the first time it is asked about an id: two acknowledged adds of one id are one loss. */
  tell(key: string, id: number): boolean;
  /** Adds everything up. Calls back for ids that no recorded attempt explains, and for failures that were applied. */
  count(
    odd: (kind: 'unexpected' | 'applied-failure', key: string, id: number, readAt: number) => void,
  ): SetCounts;
  /** Sets with acknowledged adds and no final read. */
  unreadKeys(): string[];
}

/** `onlyTouched`: final reads of sets that no recorded add went to are left aside. */
export function setLedger(
  clients: readonly ClientInfo[],
  reads: readonly FinalRead[],
  onlyTouched: boolean,
): SetLedger {
  const sets = new Map<string, Entry>();
  const crashed = clients.flatMap(({ crashedAt }, index) => (crashedAt === undefined ? [] : [index]));
  /** The highest id that each crashed client recorded. */
  const recordedTo = new Map(crashed.map((index) => [index, index * idsPerClient - 1]));

  const entryOf = (key: string): Entry => {
    let entry = sets.get(key);
    if (entry === undefined) {
      entry = { ids: idFlags(), readAt: null, touched: false, acknowledged: false };
      sets.set(key, entry);
    }
    return entry;
  };
  for (const { key, at, values } of latest(reads)) {
    const entry = entryOf(key);
    entry.readAt = at;
    for (const id of values) entry.ids.add(id, inFinal);
  }

  const mayBeOf = (id: number): boolean => {
    const highest = recordedTo.get(Math.floor(id / idsPerClient));
    return highest !== undefined && id > highest;
  };

  return {
    add({ key, value: id, outcome }) {
      const entry = entryOf(key);
      entry.touched = true;
      if (outcome === 'ok') entry.acknowledged = true;
      entry.ids.add(id, attempted | (outcome === 'ok' ? acknowledged : outcome === 'info' ? maybe : refused));
      if (recordedTo.size === 0) return;
      const owner = Math.floor(id / idsPerClient);
      const highest = recordedTo.get(owner);
      if (highest !== undefined && id > highest) recordedTo.set(owner, id);
    },
    fate(key, id) {
      const entry = sets.get(key);
      if (entry === undefined || entry.readAt === null) return 'unread';
      return (entry.ids.get(id) & inFinal) === 0 ? 'lost' : 'survived';
    },
    tell: (key, id) => (entryOf(key).ids.add(id, told) & told) === 0,
    count(odd) {
      const counts: SetCounts = {
        attempted: 0,
        acknowledged: 0,
        lost: 0,
        unexpected: 0,
        recovered: 0,
        appliedFailures: 0,
        indeterminate: 0,
      };
      for (const [key, { ids, readAt, touched }] of sets) {
        if (onlyTouched && !touched) continue;
        ids.forEach((id, bits) => {
          if (bits & attempted) counts.attempted++;
          if (bits & acknowledged) counts.acknowledged++;
          if (readAt === null) return;
          if (bits & acknowledged) {
            if (!(bits & inFinal)) counts.lost++;
          } else if (bits & inFinal) {
            if (bits & attempted) {
              counts.recovered++;
              if (bits & maybe) return;
              counts.appliedFailures++;
              odd('applied-failure', key, id, readAt);
            } else if (mayBeOf(id)) counts.indeterminate++;
            else {
              counts.unexpected++;
              odd('unexpected', key, id, readAt);
            }
          }
        });
      }
      return counts;
    },
    unreadKeys: () =>
      [...sets].filter(([, entry]) => entry.acknowledged && entry.readAt === null).map(([key]) => key),
  };
}

/** The last read of each key. */
function latest(reads: readonly FinalRead[]): FinalRead[] {
  const last = new Map<string, FinalRead>();
  for (const read of reads) {
    const known = last.get(read.key);
    if (known === undefined || known.at <= read.at) last.set(read.key, read);
  }
  return [...last.values()];
}
