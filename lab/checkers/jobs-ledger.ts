import type { ClientInfo, History } from '../history/operation.ts';

/** One order, as it was asked for and as the ledger knows it. */
export interface Order {
  id: number;
  /** When the first request for it began, in ms since the run's start. */
  invoked: number;
  /** When a client was first told that it is accepted; Infinity when nobody was. */
  acknowledged: number;
  /** Whom a client was told it by. */
  client: string;
  node: string | null;
  /** Whether some request for it ended with nobody knowing what became of it. */
  maybe: boolean;
  /** When the ledger says that it was first processed; NaN when it was, and nobody knows when. */
  processedAt: number | null;
  /** How often it was processed. */
  times: number;
}

/** All orders, and what the ledger holds besides. */
export interface JobsLedger {
  orders: readonly Order[];
  /** Processed, and nobody asked for it: the ids, with the time of the first entry (NaN where unknown). */
  unordered: readonly { id: number; at: number }[];
  /** Whether the ledger was read at all. */
  wasRead: boolean;
}

interface Entry {
  at: number;
  times: number;
}

/** Puts `order` and `process` operations and final reads of orders together. `group`: only what its clients ordered. */
export function jobsLedger(history: History, group: string | undefined): JobsLedger {
  const members = new Set(membersOf(history.clients, group));
  const entries = new Map<number, Entry>();
  const orders = new Map<number, Order>();
  const ofOthers = new Set<number>();
  let wasRead = false;
  for (const { f, value: id, client, node, outcome, invoked, completed } of history.operations) {
    if (id === null) continue;
    if (f === 'process') {
      wasRead = true;
      const entry = entries.get(id);
      if (entry === undefined) entries.set(id, { at: completed, times: 1 });
      else [entry.at, entry.times] = [Math.min(entry.at, completed), entry.times + 1];
    } else if (f === 'order') {
      if (!members.has(client)) {
        ofOthers.add(id);
        continue;
      }
      let order = orders.get(id);
      if (order === undefined) {
        const never = Number.POSITIVE_INFINITY;
        order = { id, invoked, acknowledged: never, client, node, maybe: false, processedAt: null, times: 0 };
        orders.set(id, order);
      }
      if (invoked < order.invoked) order.invoked = invoked;
      if (outcome === 'info') order.maybe = true;
      if (outcome !== 'ok' || completed >= order.acknowledged) continue;
      order.acknowledged = completed;
      order.client = client;
      order.node = node;
    }
  }
  const read = readCounts(history);
  for (const [id, times] of read ?? []) {
    const entry = entries.get(id);
    if (entry === undefined) entries.set(id, { at: Number.NaN, times });
    else entry.times = Math.max(entry.times, times);
  }
  const unordered: { id: number; at: number }[] = [];
  for (const [id, { at, times }] of entries) {
    const order = orders.get(id);
    if (order !== undefined) [order.processedAt, order.times] = [at, times];
    else if (!ofOthers.has(id)) unordered.push({ id, at });
  }
  return { orders: [...orders.values()], unordered, wasRead: wasRead || read !== undefined };
}

/** How often the last final read of the ledger holds each id; undefined without one. */
function readCounts({ finalReads }: History): Map<number, number> | undefined {
  const reads = finalReads.filter(({ subject }) => subject === 'orders').toSorted((a, b) => a.at - b.at);
  const last = reads.at(-1);
  if (last === undefined) return undefined;
  const counts = new Map<number, number>();
  for (const id of last.values) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

function membersOf(clients: readonly ClientInfo[], group: string | undefined): string[] {
  return clients.filter((one) => group === undefined || one.group === group).map(({ name }) => name);
}
