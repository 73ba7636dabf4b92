import type { History, Operation } from '../history/operation.ts';
import { collectFacts, type FactTable } from './fact-table.ts';

/** Every product begins with this version. */
export const FIRST_VERSION = 1;

/** What a history's updates and views establish, to be asked about each view. Groups of both tables: see `indexOf`. */
export interface CacheFacts {
  /** Acknowledged updates by key: a version counts from when its user was told. */
  acknowledged: FactTable;
  /** The highest version that can have been written by key: every update counts the version up by one once it has begun. */
  possible: FactTable;
  /** Finished views by client and key. */
  seen: FactTable;
  /** How many updates were acknowledged. */
  updates: number;
  indexOf(key: string): number;
  readerOf(operation: Operation): number;
}

/** Reads all updates of a history, whoever made them, and all views. */
export function cacheFacts(history: History): CacheFacts {
  const keys = new Map<string, number>();
  const readers = new Map<string, Map<string, number>>();
  const acknowledged = collectFacts();
  const seen = collectFacts();
  const begun: number[][] = [];
  let updates = 0;
  let readerCount = 0;

  const indexOf = (key: string) => {
    let index = keys.get(key);
    if (index === undefined) {
      index = keys.size;
      keys.set(key, index);
      begun.push([]);
    }
    return index;
  };
  const readerOf = ({ client, key }: Operation) => {
    let own = readers.get(client);
    if (own === undefined) {
      own = new Map();
      readers.set(client, own);
    }
    let reader = own.get(key);
    if (reader === undefined) {
      reader = readerCount++;
      own.set(key, reader);
    }
    return reader;
  };
  for (const operation of history.operations) {
    const { f, key, outcome, value, invoked, completed } = operation;
    if (f === 'view' && outcome === 'ok' && value !== null) {
      indexOf(key);
      seen.add(readerOf(operation), completed, value);
    }
    if (f !== 'update' || outcome === 'fail') continue;
    const index = indexOf(key);
    begun[index]?.push(invoked);
    if (outcome !== 'ok' || value === null) continue;
    updates++;
    acknowledged.add(index, completed, value);
  }
  const possible = collectFacts();
  for (const [index, times] of begun.entries())
    for (const [before, at] of times.sort((a, b) => a - b).entries())
      possible.add(index, at, FIRST_VERSION + before + 1);
  return {
    acknowledged: acknowledged.build(keys.size),
    possible: possible.build(keys.size),
    seen: seen.build(readerCount),
    updates,
    indexOf,
    readerOf,
  };
}
