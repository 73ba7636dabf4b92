import type { Observations } from '../history/observations.ts';
import type { Operation } from '../history/operation.ts';
import type { Figures, LostWrites } from './checker.ts';
import { clusterLossAttribution } from './cluster-loss-attribution.ts';
import type { Findings } from './findings.ts';
import { lastHit } from './last-hit.ts';
import {
  clusterLossCauses,
  type LossAttribution,
  type LossCause,
  lossAttribution,
  lossCauses,
} from './loss-attribution.ts';
import { lostWrites } from './lost-writes.ts';

/** Lost writes by cause, and when they were acknowledged. */
export interface LossTally extends Pick<LossAttribution, 'survived'> {
  lost(operation: Operation & { value: number }): void;
  /** All of them, row by row; undefined where there are none. */
  table(): LostWrites | undefined;
  figures(): Figures & { lostByCause: Readonly<Record<string, number>> };
}

interface Window {
  count: number;
  first: number;
  last: number;
}

const reasons: Readonly<Record<LossCause, string>> = {
  'minority-primary': 'after another node had been promoted',
  unreplicated: 'and had not replicated it when another node was promoted',
  wiped: 'before the primary started again with less data, which its replicas copied',
  evicted: 'and the key was evicted later',
  expired: 'and the key expired later',
  'stale-replica': 'while the replica that was promoted later heard nothing from it any more',
  'slot-moved': 'and its slot was moved to another node, which has not got it',
  'open-move':
    'and its key was left behind on a node to which its slot was on the move when the owner was replaced',
  unexplained: 'and nothing that was seen explains why it is gone',
};

const reasonsInCluster = {
  ...reasons,
  'minority-primary': 'when it was cut off from the others, or another node had been promoted',
};

/** Evidence goes to `findings`. */
export function lossTally(seen: Observations, findings: Findings): LossTally {
  const ofCluster = clusterLossAttribution(seen);
  const { survived, causeOf } = ofCluster ?? lossAttribution(seen);
  const causes: readonly LossCause[] = ofCluster === null ? lossCauses : clusterLossCauses;
  const why = ofCluster === null ? reasons : reasonsInCluster;
  const byCause = new Map(causes.map((cause) => [cause, emptyWindow()]));
  const all = emptyWindow();
  let lostAfterIsolationMs = 0;
  const listed = lostWrites();
  return {
    survived,
    lost(operation) {
      const cause = causeOf(operation);
      const { completed: at, client, node, key, value } = operation;
      extend(all, at);
      listed.add({ at, cause, client, node, key, value });
      extend(byCause.get(cause) ?? emptyWindow(), at);
      const hitAt = node === null ? undefined : lastHit(seen.faults, node, at);
      if (hitAt !== undefined) lostAfterIsolationMs = Math.max(lostAfterIsolationMs, at - hitAt);
      findings.offer(at, cause, () => {
        const text = `${value} in ${key}: ${node ?? 'an unknown node'} acknowledged it ${why[cause]}`;
        return { at, kind: 'lost', cause, text, client, node, key, value };
      });
    },
    table: () => (all.count === 0 ? undefined : listed.table()),
    figures: () => ({
      lostByCause: each(byCause, ({ count }) => count),
      firstLostAtMs: all.count === 0 ? null : all.first,
      lastLostAtMs: all.count === 0 ? null : all.last,
      lossWindowMs: spanOf(all),
      lossWindowMsByCause: each(byCause, spanOf),
      lostAfterIsolationMs: toMicroseconds(lostAfterIsolationMs),
    }),
  };
}

function emptyWindow(): Window {
  return { count: 0, first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY };
}

function extend(window: Window, at: number): void {
  window.count++;
  window.first = Math.min(window.first, at);
  window.last = Math.max(window.last, at);
}

function spanOf({ count, first, last }: Window): number {
  return count === 0 ? 0 : toMicroseconds(last - first);
}

function each(
  windows: ReadonlyMap<string, Window>,
  figure: (window: Window) => number,
): Record<string, number> {
  return Object.fromEntries([...windows].map(([cause, window]) => [cause, figure(window)]));
}

function toMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
