import { slotOf } from '../common/key-slot.ts';
import type { FaultWindow, Observations } from '../history/observations.ts';
import type { History, Operation } from '../history/operation.ts';
import {
  type ClientRecoveries,
  clientRecoveries,
  type RecoveryQuestion,
  recoveriesOf,
} from './client-recovery.ts';
import type { Promotion } from './promotions.ts';
import { isRedisOperation } from './redis-operations.ts';
import { type SlotOwners, slotOwnersOf } from './slot-owners.ts';

/**
 * When each client could write again to every shard that was hit: that of a node which the fault names, or in which
 * somebody was promoted after it. Of each such shard only what went to its keys counts (what users do goes to any), and
 * only its own promotions. Where no shard was hit, everything counts as one. Null without a cluster.
 */
export function clusterClientRecoveries(
  history: History,
  seen: Observations,
  { targets, injectedAt }: FaultWindow,
  question: RecoveryQuestion,
): ClientRecoveries | null {
  const owners = slotOwnersOf(seen);
  if (owners === null) return null;
  const promotions = promotionsByOwner(owners, injectedAt);
  const hit = new Set([...targets.filter((node) => isOwner(owners, node, injectedAt)), ...promotions.keys()]);
  if (hit.size === 0) return clientRecoveries(history, { ...question, promotions: [] });
  const ownerOfKey = new Map<string, string | undefined>();
  const ownerOf = (key: string) => {
    if (!ownerOfKey.has(key)) ownerOfKey.set(key, owners.ownerAt(slotOf(key), injectedAt));
    return ownerOfKey.get(key);
  };
  const each = [...hit].map((owner) =>
    clientRecoveries(
      partOf(history, (operation) => !isRedisOperation(operation) || ownerOf(operation.key) === owner),
      { ...question, promotions: promotions.get(owner) ?? [] },
    ),
  );
  return together(each);
}

/** Promotions after a fault, by the owner that each replaced. */
function promotionsByOwner({ courses }: SlotOwners, injectedAt: number): Map<string, Promotion[]> {
  const found = new Map<string, Map<string, Promotion>>();
  for (const course of courses) {
    const owner = course.findLast(({ from }) => from <= injectedAt)?.node;
    for (const { node, from: at, by } of course) {
      if (by !== 'promotion' || at < injectedAt || owner === undefined) continue;
      const known = found.get(owner) ?? new Map<string, Promotion>();
      found.set(owner, known.set(`${node} ${at}`, { node, at }));
    }
  }
  return new Map(
    [...found].map(([owner, known]) => [owner, [...known.values()].sort((a, b) => a.at - b.at)]),
  );
}

function isOwner({ courses }: SlotOwners, node: string, at: number): boolean {
  return courses.some((course) => course.findLast(({ from }) => from <= at)?.node === node);
}

function partOf(history: History, isPart: (operation: Operation) => boolean): History {
  const part: Operation[] = [];
  for (const operation of history.operations) if (isPart(operation)) part.push(operation);
  return { ...history, operations: part };
}

/** A client has recovered when it has in every part that it was interrupted in. */
function together(parts: readonly ClientRecoveries[]): ClientRecoveries {
  const names = [...new Set(parts.flatMap((part) => part.names))];
  const never = [...new Set(parts.flatMap((part) => part.never))];
  const recoveredAt = new Map<string, number>();
  for (const part of parts)
    for (const [client, at] of part.recoveredAt)
      if (!never.includes(client)) recoveredAt.set(client, Math.max(at, recoveredAt.get(client) ?? at));
  return recoveriesOf(names, recoveredAt, never);
}
