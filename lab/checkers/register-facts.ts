import type { History, Operation } from '../history/operation.ts';
import { collectFacts, type FactTable } from './fact-table.ts';

/** What a register's history establishes, to be asked about each read. */
export interface RegisterFacts {
  /** Acknowledged writes by key: a version counts from when its writer was told. */
  acknowledged: FactTable;
  /** Finished reads by client and key. */
  seen: FactTable;
  writes: number;
  /** The first key that two clients wrote, if any: then "newer" has no meaning. */
  sharedKey: string | null;
  keyOf(operation: Operation): KeyFacts;
  /** The group in `seen` of this operation's client and key. */
  readerOf(operation: Operation): number;
}

export interface KeyFacts {
  /** The group in `acknowledged`. */
  index: number;
  /** The one client that writes it; null when nobody does. */
  writer: string | null;
  /** The highest version that anybody tried to write; Infinity when its writer may have died with unrecorded ones. */
  highestAttempted: number;
}

/** A read that found nothing has seen version 0; versions that are written begin at 1. */
export function versionOf({ value }: Operation): number {
  return value ?? 0;
}

export function registerFacts(history: History): RegisterFacts {
  const crashed = new Set(
    history.clients.filter((one) => one.crashedAt !== undefined).map((one) => one.name),
  );
  const clients = new Map(history.clients.map((one, index) => [one.name, index]));
  const keys = new Map<string, KeyFacts>();
  const readers = new Map<number, number>();
  const acknowledged = collectFacts();
  const seen = collectFacts();
  let writes = 0;
  let sharedKey: string | null = null;

  const keyOf = ({ key }: Operation): KeyFacts => {
    let facts = keys.get(key);
    if (facts === undefined) {
      facts = { index: keys.size, writer: null, highestAttempted: 0 };
      keys.set(key, facts);
    }
    return facts;
  };
  const readerOf = (operation: Operation): number => {
    const pair = (clients.get(operation.client) ?? clients.size) * 2 ** 26 + keyOf(operation).index;
    let reader = readers.get(pair);
    if (reader === undefined) {
      reader = readers.size;
      readers.set(pair, reader);
    }
    return reader;
  };

  for (const operation of history.operations) {
    const { f, client, outcome, completed } = operation;
    if (f === 'read' && outcome === 'ok') seen.add(readerOf(operation), completed, versionOf(operation));
    if (f !== 'write') continue;
    const facts = keyOf(operation);
    if (facts.writer !== null && facts.writer !== client) sharedKey ??= operation.key;
    facts.writer = client;
    const highest = crashed.has(client) ? Number.POSITIVE_INFINITY : versionOf(operation);
    facts.highestAttempted = Math.max(facts.highestAttempted, highest);
    if (outcome !== 'ok') continue;
    writes++;
    acknowledged.add(facts.index, completed, versionOf(operation));
  }
  return {
    acknowledged: acknowledged.build(keys.size),
    seen: seen.build(readers.size),
    writes,
    sharedKey,
    keyOf,
    readerOf,
  };
}
