import type { Operation } from './operation.ts';

/** Operations over time in equal buckets, per group of clients. Bucket i covers [i × bucketMs, (i + 1) × bucketMs). */
export interface Series {
  bucketMs: number;
  groups: readonly GroupSeries[];
}

export interface GroupSeries {
  group: string;
  /** Operations that ended in the bucket, by outcome. */
  ok: readonly number[];
  fail: readonly number[];
  info: readonly number[];
  /** Latency of the operations that ended `ok` in the bucket, in ms; null in a bucket without any. */
  p50: readonly (number | null)[];
  p99: readonly (number | null)[];
  max: readonly (number | null)[];
}

/** Placeholder signature; see the history part. */
export type SeriesInput = Iterable<Operation>;
