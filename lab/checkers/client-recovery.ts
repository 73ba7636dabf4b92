import type { History } from '../history/operation.ts';
import type { Promotion } from './promotions.ts';

export interface ClientRecoveries {
  /** Clients that tried to write after the fault and did not die. */
  judged: number;
  /** Those of them that were interrupted. After a failover all are: they have to find the new primary. */
  interrupted: number;
  /** When the first and the last of those that were interrupted had recovered; null when none had, or some never did. */
  firstAt: number | null;
  lastAt: number | null;
  /** Those that never did. */
  never: readonly string[];
  /** The names of those judged, and when each of those that recovered had. */
  names: readonly string[];
  recoveredAt: ReadonlyMap<string, number>;
}

export interface RecoveryQuestion {
  injectedAt: number;
  /** Those after the fault; empty without a failover. */
  promotions: readonly Promotion[];
  loadEndsAt: number;
  group: string | undefined;
  /** Names of the data nodes. */
  nodes: readonly string[];
  /** Without a failover: a shorter time without acknowledged writes is no interruption. */
  gapMs: number;
}

interface Writes {
  /** When the new primary first acknowledged a write. */
  onNewPrimary: number | null;
  tried: boolean;
  /** Ends of acknowledged writes, from the last one before the fault on. */
  acknowledged: number[];
}

/** They say nothing about whether one can write. */
const READS = new Set(['read', 'view', 'recall']);

/**
 * When each client could write again. After a failover: when the node promoted last first acknowledged a write
 * of its; what an instance of the application acknowledged after the promotion counts, whichever node it asked. Without one: at the end of its longest time without an acknowledged write after the injection, if
 * that was longer than `gapMs`; otherwise it was not interrupted.
 */
export function clientRecoveries(history: History, question: RecoveryQuestion): ClientRecoveries {
  const { injectedAt, promotions, loadEndsAt, gapMs } = question;
  const writes = writesOf(history, question);
  const recoveredAt = new Map<string, number>();
  const never: string[] = [];
  for (const [client, { onNewPrimary, acknowledged }] of writes) {
    if (promotions.length > 0) {
      if (onNewPrimary === null) never.push(client);
      else recoveredAt.set(client, onNewPrimary);
      continue;
    }
    const { end, longestMs } = longestGap(acknowledged.sort(byNumber), injectedAt, loadEndsAt);
    if (longestMs <= gapMs) continue;
    if (end === null) never.push(client);
    else recoveredAt.set(client, end);
  }
  return recoveriesOf([...writes.keys()], recoveredAt, never);
}

/** What follows from who recovered when, and who never did. */
export function recoveriesOf(
  names: readonly string[],
  recoveredAt: ReadonlyMap<string, number>,
  never: readonly string[],
): ClientRecoveries {
  const times = [...recoveredAt.values()].sort(byNumber);
  return {
    judged: names.length,
    interrupted: times.length + never.length,
    firstAt: times[0] ?? null,
    lastAt: never.length > 0 ? null : (times.at(-1) ?? null),
    never,
    names,
    recoveredAt,
  };
}

function writesOf(history: History, question: RecoveryQuestion) {
  const { injectedAt, promotions, group, loadEndsAt, nodes } = question;
  const writes = new Map<string, Writes>();
  for (const client of history.clients)
    if (client.crashedAt === undefined && (group === undefined || client.group === group))
      writes.set(client.name, { onNewPrimary: null, tried: false, acknowledged: [] });
  for (const { client, f, outcome, completed, node } of history.operations) {
    const one = writes.get(client);
    if (READS.has(f) || completed < injectedAt || one === undefined) continue;
    one.tried = true;
    if (outcome !== 'ok') continue;
    if (completed <= loadEndsAt) one.acknowledged.push(completed);
    const promoted = promotions.findLast(({ at }) => at <= completed);
    if (promoted === undefined || (node !== promoted.node && nodes.includes(node ?? ''))) continue;
    if (one.onNewPrimary === null || completed < one.onNewPrimary) one.onNewPrimary = completed;
  }
  for (const [client, { tried }] of writes) if (!tried) writes.delete(client);
  return writes;
}

/** The longest time without a success; `end` is null when it lasts to the end. */
function longestGap(
  times: readonly number[],
  from: number,
  to: number,
): { end: number | null; longestMs: number } {
  let last = from;
  let end: number | null = null;
  let longestMs = 0;
  for (const time of times) {
    if (time - last > longestMs) [end, longestMs] = [time, time - last];
    last = time;
  }
  return to - last > longestMs ? { end: null, longestMs: to - last } : { end, longestMs };
}

function byNumber(a: number, b: number): number {
  return a - b;
}
