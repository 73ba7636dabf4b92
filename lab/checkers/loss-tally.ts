import type { FaultWindow, Observations } from '../history/observations.ts';
import type { Operation } from '../history/operation.ts';
import type { Figures } from './checker.ts';
import type { Findings } from './findings.ts';
import { type LossAttribution, type LossCause, lossAttribution, lossCauses } from './loss-attribution.ts';

/** Lost writes by cause, and when they were acknowledged. */
export interface LossTally extends Pick<LossAttribution, 'survived'> {
  lost(operation: Operation & { value: number }): void;
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
  unexplained: 'and nothing that was seen explains why it is gone',
};

/** Evidence goes to `findings`. */
export function lossTally(seen: Observations, findings: Findings): LossTally {
  const { survived, causeOf } = lossAttribution(seen);
  const byCause = new Map(lossCauses.map((cause) => [cause, emptyWindow()]));
  const all = emptyWindow();
  let lostAfterIsolationMs = 0;
  return {
    survived,
    lost(operation) {
      const cause = causeOf(operation);
      const { completed: at, client, node, key, value } = operation;
      extend(all, at);
      extend(byCause.get(cause) ?? emptyWindow(), at);
      const hitAt = node === null ? undefined : lastHit(seen.faults, node, at);
      if (hitAt !== undefined) lostAfterIsolationMs = Math.max(lostAfterIsolationMs, at - hitAt);
      findings.offer(at, cause, () => {
        const text = `${value} in ${key}: ${node ?? 'an unknown node'} acknowledged it ${reasons[cause]}`;
        return { at, kind: 'lost', cause, text, client, node, key, value };
      });
    },
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

/** When the latest fault began that had hit this node by then: it names the node, or a link to it. */
function lastHit(faults: readonly FaultWindow[], node: string, at: number): number | undefined {
  let last: number | undefined;
  for (const { targets, injectedAt } of faults) {
    if (injectedAt > at || (last !== undefined && injectedAt <= last)) continue;
    if (targets.some((target) => target === node || target.split(/→|\//).includes(node))) last = injectedAt;
  }
  return last;
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
