import type { GroupSeries } from '../../../lab/history/series.ts';

/** One column of a chart, made of one or more buckets of the series. */
export interface Column {
  fromMs: number;
  toMs: number;
  okPerSecond: number;
  failPerSecond: number;
  infoPerSecond: number;
  p50: number | null;
  p99: number | null;
  max: number | null;
  /** Operations by class of latency, where that is known; classes without any are holes. */
  classes?: readonly number[];
}

/**
 * Merges a group's buckets into at most `limit` columns, so that a long run's page stays small. Of latencies a
 * column keeps the worst bucket's: percentiles cannot be added up, and a peak must not be smoothed away.
 */
export function columnsOf(series: GroupSeries, bucketMs: number, limit: number): Column[] {
  const length = Math.max(series.ok.length, series.fail.length, series.info.length);
  const per = Math.max(1, Math.ceil(length / limit));
  return Array.from({ length: Math.ceil(length / per) }, (_, i) => {
    const [from, to] = [i * per, Math.min((i + 1) * per, length)];
    const rate = (of: readonly number[]) =>
      (of.slice(from, to).reduce((a, b) => a + b, 0) * 1000) / ((to - from) * bucketMs);
    return {
      fromMs: from * bucketMs,
      toMs: to * bucketMs,
      okPerSecond: rate(series.ok),
      failPerSecond: rate(series.fail),
      infoPerSecond: rate(series.info),
      p50: worst(series.p50.slice(from, to)),
      p99: worst(series.p99.slice(from, to)),
      max: worst(series.max.slice(from, to)),
    };
  });
}

function worst(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}
