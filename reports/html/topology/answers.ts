import type { CountsByNode, GroupSeries, Series } from '../../../lab/history/series.ts';

/** A group of clients was answered by this node, without a long pause. */
export interface Answering {
  group: string;
  node: string;
  from: number;
  to: number;
}

/** A shorter time without an answer of a node is no change. */
const pauseMs = 300;

/** Who answered whom when: writes where the group wrote at all, else reads. Empty in a document that does not know it. */
export function answeringsOf({ bucketMs, groups }: Series, load: { from: number; to: number }): Answering[] {
  return groups.flatMap((group) =>
    Object.entries(answersOf(group).counts).flatMap(([node, counts]) =>
      node === ''
        ? []
        : spansOf(counts, bucketMs, allowedPauseMs(counts, load.to - load.from)).map(({ from, to }) => ({
            group: group.group,
            node,
            // The first answer came at some time in its bucket: by its end it had.
            from: from - load.from < pauseMs ? load.from : from + bucketMs,
            to,
          })),
    ),
  );
}

/** What of a group's answers is drawn: its writes, where it has any. */
export function answersOf({ writesBy, readsBy }: GroupSeries): {
  verb: 'writes to' | 'reads from';
  counts: CountsByNode;
} {
  return Object.keys(writesBy ?? {}).length > 0
    ? { verb: 'writes to', counts: writesBy ?? {} }
    : { verb: 'reads from', counts: readsBy ?? {} };
}

/** Answers per second in a span of time, of the given nodes. */
export function perSecond(
  counts: CountsByNode,
  nodes: readonly string[],
  bucketMs: number,
  from: number,
  to: number,
): number {
  const first = Math.floor(from / bucketMs);
  const last = Math.max(first + 1, Math.floor(to / bucketMs));
  const sum = nodes.reduce(
    (all, node) => all + (counts[node] ?? []).slice(first, last).reduce((a, b) => a + b, 0),
    0,
  );
  return (sum * 1000) / ((last - first) * bucketMs);
}

/** Of a group that asks seldom, a pause is longer. */
function allowedPauseMs(counts: readonly number[], loadMs: number): number {
  const total = counts.reduce((a, b) => a + b, 0);
  return Math.max(pauseMs, (4 * loadMs) / Math.max(1, total));
}

function spansOf(
  counts: readonly number[],
  bucketMs: number,
  allowedMs: number,
): { from: number; to: number }[] {
  const spans: { from: number; to: number }[] = [];
  for (const [bucket, count] of counts.entries()) {
    if (count === 0) continue;
    const [from, to] = [bucket * bucketMs, (bucket + 1) * bucketMs];
    const last = spans.at(-1);
    if (last !== undefined && from - last.to <= allowedMs) last.to = to;
    else spans.push({ from, to });
  }
  return spans;
}
