import type { GroupDetail, SeriesDetail } from '../../../lab/history/series-detail.ts';
import type { Column } from './buckets.ts';

/** Which part of a run is drawn, in ms of its own clock. */
export interface Span {
  fromMs: number;
  toMs: number;
}

/** Where a column of one group begins and ends, as buckets of the detail. */
export interface BucketSpan {
  from: number;
  to: number;
}

const mostColumns = 240;
/** In narrower columns single operations would stand apart as a comb; a slow group's are up to `widestMs` wide for it. */
const leastOperations = 4;
const widestMs = 100;

/**
 * Cuts a part of the run into at most 240 columns of whole buckets, at the same places however far it is moved, and one
 * more at each edge. `operations`: how many there are in all; of few, columns are wider.
 */
export function bucketSpans(
  { fromMs, toMs }: Span,
  bucketMs: number,
  durationMs: number,
  operations: number,
): BucketSpan[] {
  const buckets = Math.max(1, Math.ceil(durationMs / bucketMs));
  const forEnough = Math.ceil((leastOperations * buckets) / Math.max(operations, 1));
  const least = Math.min(forEnough, Math.max(1, widestMs / bucketMs));
  const per = Math.max(least, Math.ceil((toMs - fromMs) / bucketMs / mostColumns));
  const first = Math.max(0, Math.floor(fromMs / bucketMs / per) - 1);
  const last = Math.min(Math.ceil(buckets / per), Math.ceil(toMs / bucketMs / per) + 1);
  return Array.from({ length: Math.max(0, last - first) }, (_, i) => ({
    from: (first + i) * per,
    to: Math.min((first + i + 1) * per, buckets),
  }));
}

/** A group's columns in a part of the run; percentiles are right to the width of a class. */
export function detailColumns(
  group: GroupDetail,
  { bucketMs, latencyBoundsMs }: SeriesDetail,
  durationMs: number,
  span: Span,
): Column[] {
  const operations = sumOf(group.ok, 0, group.ok.length) + sumOf(group.fail, 0, group.fail.length);
  return bucketSpans(span, bucketMs, durationMs, operations).map(({ from, to }) => {
    const rate = (counts: readonly number[]) => (sumOf(counts, from, to) * 1000) / ((to - from) * bucketMs);
    const classes = classesOf(group, from, to);
    const total = sumOf(group.ok, from, to);
    const at = (share: number) => (total === 0 ? null : quantile(classes, latencyBoundsMs, share * total));
    return {
      fromMs: from * bucketMs,
      toMs: to * bucketMs,
      okPerSecond: rate(group.ok),
      failPerSecond: rate(group.fail),
      infoPerSecond: rate(group.info),
      p50: at(0.5),
      p99: at(0.99),
      max: at(1),
      classes,
    };
  });
}

/** Of pairs of a place and a count, those counts from one place to another, added up. */
export function countIn(pairs: readonly number[], from: number, to: number): number {
  let sum = 0;
  for (let i = 0; i < pairs.length; i += 2) {
    const place = pairs[i] ?? 0;
    if (place >= to) break;
    if (place >= from) sum += pairs[i + 1] ?? 0;
  }
  return sum;
}

function sumOf(counts: readonly number[], from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < Math.min(to, counts.length); i++) sum += counts[i] ?? 0;
  return sum;
}

/** Counts by class; those without any are holes. */
function classesOf({ latencies }: GroupDetail, from: number, to: number): number[] {
  const classes: number[] = [];
  for (let bucket = from; bucket < Math.min(to, latencies.length); bucket++) {
    const pairs = latencies[bucket] ?? [];
    for (let i = 0; i < pairs.length; i += 2) {
      const place = pairs[i] ?? 0;
      classes[place] = (classes[place] ?? 0) + (pairs[i + 1] ?? 0);
    }
  }
  return classes;
}

/** The middle, on a logarithmic scale, of the class in which the rank lies. */
function quantile(classes: readonly number[], boundsMs: readonly number[], rank: number): number {
  let seen = 0;
  for (let i = 0; i < classes.length; i++) {
    seen += classes[i] ?? 0;
    if (seen >= rank) return Math.sqrt((boundsMs[i] ?? 1) * (boundsMs[i + 1] ?? boundsMs[i] ?? 1));
  }
  return boundsMs.at(-1) ?? 1;
}
