import type { NodeSample, Observations } from '../history/observations.ts';
import type { Operation } from '../history/operation.ts';
import { firstPrimary, type Promotion, promotionsOf } from './promotions.ts';

/** Why an acknowledged write is gone; what each means stands at `lossAttribution`. */
export const lossCauses = [
  'minority-primary',
  'unreplicated',
  'wiped',
  'evicted',
  'expired',
  'unexplained',
] as const;

/** Those of a cluster's runs: three more, see `clusterLossAttribution`. */
export const clusterLossCauses = [...lossCauses, 'stale-replica', 'slot-moved', 'open-move'] as const;
export type LossCause = (typeof clusterLossCauses)[number];

export interface LossAttribution {
  /** First: every acknowledged write that is in the final read. They rule causes out. */
  survived(operation: Operation): void;
  /** Then: the cause of one that is not. */
  causeOf(operation: Operation): LossCause;
}

/** Time in which one node was the primary by right, until another was promoted, a slot moved, or it started again. */
interface Reign {
  /** Undefined: the first primary, where no probe saw it. */
  node: string | undefined;
  from: number;
  endedBy: Turn['by'] | 'restart' | 'end';
  /** When the latest surviving write that this node acknowledged in this time was begun. */
  lastSurvivorInvoked: number;
}

/**
 * Attributes lost writes by joining them with promotions (see `promotionsOf`), starts of processes (events of
 * kind `process` with `data { node, action: 'start' }`), and the counters of INFO. The first that fits:
 *
 * - `minority-primary`: a node acknowledged it at or after the moment at which another had been promoted.
 * - `wiped`: the primary started again with less than it had, and its replicas copied that: no write that was
 *   acknowledged before the start survived; or nobody was promoted after the write, and none that the same
 *   node acknowledged later, before its restart, survived.
 * - `unreplicated`: the primary acknowledged it, later another node was promoted, and no write begun after
 *   it was acknowledged, on the same node before its time ended, survived. (Replication is a prefix of the
 *   primary's writes: a survivor behind the lost one would prove that the promoted node had received both.)
 * - `evicted`, `expired`: no write to the same key that was acknowledged before it survived, and a node's
 *   `evicted_keys` or `expired_keys` rose after it was begun.
 * - `unexplained`: none of these.
 */
export function lossAttribution(seen: Observations): LossAttribution {
  const turns = promotionsOf(seen).map((one): Turn => ({ ...one, by: 'promotion' }));
  return attributionAmong(seen, firstPrimary(seen), turns, () => 'unreplicated');
}

/** A node became the primary by right. */
export interface Turn extends Promotion {
  /** `move`: the slot was moved to it; only in a cluster. */
  by: 'promotion' | 'move';
}

/**
 * The same among given primaries one after another: `first`, then those of `turns`, by time. `tailOf` says why a write is gone
 * that was acknowledged before a promotion, with nothing of what followed it on its node surviving.
 */
export function attributionAmong(
  seen: Observations,
  first: string | undefined,
  turns: readonly Turn[],
  tailOf: (lost: Operation, promotion: Turn) => LossCause,
): LossAttribution {
  const reigns = reignsOf(seen, first, turns);
  const restarts = reigns.filter(({ endedBy }) => endedBy === 'restart');
  const restartTimes = restarts.map(
    (reign) => reigns[reigns.indexOf(reign) + 1]?.from ?? Number.POSITIVE_INFINITY,
  );
  const lastEvictedAt = lastIncrease(seen.samples, 'evicted_keys');
  const lastExpiredAt = lastIncrease(seen.samples, 'expired_keys');
  const firstSurvivorOfKey = new Map<string, number>();
  let firstSurvivor = Number.POSITIVE_INFINITY;

  const reignAt = (at: number): Reign => {
    let i = reigns.length - 1;
    while (i > 0 && (reigns[i] as Reign).from > at) i--;
    return reigns[i] as Reign;
  };
  const turnAfter = (at: number, node: string | null, by: Turn['by']) =>
    turns.find((turn) => turn.by === by && turn.at > at && turn.node !== node);

  return {
    survived({ key, node, invoked, completed }) {
      const reign = reignAt(completed);
      if (node === null || reign.node === undefined || reign.node === node)
        reign.lastSurvivorInvoked = Math.max(reign.lastSurvivorInvoked, invoked);
      firstSurvivor = Math.min(firstSurvivor, completed);
      const first = firstSurvivorOfKey.get(key);
      if (first === undefined || completed < first) firstSurvivorOfKey.set(key, completed);
    },
    causeOf(operation) {
      const { key, node, invoked, completed } = operation;
      const reign = reignAt(completed);
      const deposed = node !== null && reign.node !== undefined && reign.node !== node;
      const deposedBy = deposed ? turns.findLast(({ at }) => at <= completed) : undefined;
      if (deposedBy !== undefined) return deposedBy.by === 'move' ? 'slot-moved' : 'minority-primary';
      // The node executed it at some time from its beginning on; the acknowledgement may have taken a while.
      const executing = reignAt(invoked);
      const tail = completed >= executing.lastSurvivorInvoked;
      const replaced = turnAfter(completed, node, 'promotion');
      const keyGone = !((firstSurvivorOfKey.get(key) ?? Number.POSITIVE_INFINITY) < invoked);
      if (restartTimes.some((at) => at >= invoked && at < firstSurvivor)) return 'wiped';
      if (executing.endedBy === 'restart' && tail && replaced === undefined) return 'wiped';
      // Keys move one by one, so that what else survived on the node says nothing of this one.
      if (keyGone && executing.endedBy === 'move') return 'slot-moved';
      if (tail && replaced !== undefined) return tailOf(operation, replaced);
      if (keyGone && lastEvictedAt >= invoked) return 'evicted';
      if (keyGone && lastExpiredAt >= invoked) return 'expired';
      return 'unexplained';
    },
  };
}

function reignsOf(seen: Observations, first: string | undefined, successors: readonly Turn[]): Reign[] {
  const starts = seen.events.flatMap(({ kind, at, data }) =>
    kind === 'process' && data?.action === 'start'
      ? [{ node: String(data.node), at, endedBy: 'restart' as const }]
      : [],
  );
  const turns = [...successors.map((one) => ({ ...one, endedBy: one.by })), ...starts];
  turns.sort((a, b) => a.at - b.at);
  const begin = (node: string | undefined, from: number): Reign => ({
    node,
    from,
    endedBy: 'end',
    lastSurvivorInvoked: Number.NEGATIVE_INFINITY,
  });
  let current = begin(first, Number.NEGATIVE_INFINITY);
  const reigns = [current];
  for (const { node, at, endedBy } of turns) {
    // A start of a node that is not the primary changes nothing: it becomes, or is made, a replica.
    if (endedBy === 'restart' && node !== current.node) continue;
    current.endedBy = endedBy;
    current = begin(node, at);
    reigns.push(current);
  }
  return reigns;
}

/** When a counter was last seen to have risen on any node; -Infinity when it never did. */
function lastIncrease(samples: readonly NodeSample[], counter: string): number {
  const last = new Map<string, number>();
  let at = Number.NEGATIVE_INFINITY;
  for (const sample of samples) {
    const value = sample.info[counter];
    if (value === undefined) continue;
    const before = last.get(sample.node);
    // Smaller than before: the process started again, and counts from 0.
    if (before !== undefined && (value > before || (value < before && value > 0)))
      at = Math.max(at, sample.at);
    last.set(sample.node, value);
  }
  return at;
}
