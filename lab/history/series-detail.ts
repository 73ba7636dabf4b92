import type { Operation } from './operation.ts';

/**
 * Operations over time in finer buckets than the series has, for whoever looks closer. Bucket i covers
 * [i × bucketMs, (i + 1) × bucketMs); lists end at the last bucket that is not empty.
 */
export interface SeriesDetail {
  bucketMs: number;
  /** Where each class of latencies begins, in ms: twelve to a factor of ten. The last has no end. */
  latencyBoundsMs: readonly number[];
  groups: readonly GroupDetail[];
}

export interface GroupDetail {
  group: string;
  /** Operations that ended in the bucket, by outcome. */
  ok: readonly number[];
  fail: readonly number[];
  info: readonly number[];
  /** For each bucket the latencies of what ended `ok` in it, as class, count, class, count, …, ascending. */
  latencies: readonly (readonly number[])[];
  /** Operations that did not end `ok`, by error, most frequent first; those beyond the twelfth kind as `others`. */
  errors: readonly ErrorDetail[];
}

export interface ErrorDetail {
  error: string;
  /** As bucket, count, bucket, count, …, ascending. */
  counts: readonly number[];
}

/** Collects one group's detail, operation by operation. */
export interface DetailCollector {
  add(operation: Pick<Operation, 'invoked' | 'completed' | 'outcome' | 'error'>): void;
  detail(): Omit<GroupDetail, 'group'>;
}

const mostBuckets = 2000;
const niceMs = [10, 20, 50];
const perDecade = 12;
/** Up to 40 minutes, from 1 µs. */
const classes = Math.ceil(Math.log10(40 * 60 * 1e6) * perDecade);
const errorKinds = 12;

export const latencyBoundsMs: readonly number[] = Array.from({ length: classes }, (_, i) =>
  Number((10 ** (i / perDecade) / 1000).toPrecision(4)),
);

/** The smallest of 10, 20, 50, 100, … ms that cuts the run into at most 2000 buckets. */
export function detailBucketMsFor(durationMs: number): number {
  for (let scale = 1; ; scale *= 10)
    for (const ms of niceMs) if (durationMs <= ms * scale * mostBuckets) return ms * scale;
}

export function detailCollector(bucketMs: number, durationMs: number): DetailCollector {
  const buckets = Math.max(1, Math.ceil(durationMs / bucketMs));
  const outcomes = {
    ok: new Uint32Array(buckets),
    fail: new Uint32Array(buckets),
    info: new Uint32Array(buckets),
  };
  const latencies = new Uint32Array(buckets * classes);
  const errors = new Map<string, Uint32Array>();
  const increment = (counts: Uint32Array, at: number) => {
    counts[at] = (counts[at] ?? 0) + 1;
  };
  return {
    add({ invoked, completed, outcome, error }) {
      const bucket = Math.min(buckets - 1, Math.max(0, Math.floor(completed / bucketMs)));
      increment(outcomes[outcome], bucket);
      if (outcome === 'ok') {
        increment(latencies, bucket * classes + classOf(completed - invoked));
      } else if (error !== null) {
        const kind = errors.has(error) || errors.size < errorKinds ? error : 'others';
        const counts = errors.get(kind) ?? new Uint32Array(buckets);
        errors.set(kind, counts);
        increment(counts, bucket);
      }
    },
    detail() {
      const known = untilEmpty(outcomes.ok).length;
      return {
        ok: untilEmpty(outcomes.ok),
        fail: untilEmpty(outcomes.fail),
        info: untilEmpty(outcomes.info),
        latencies: Array.from({ length: known }, (_, i) =>
          pairsOf(latencies.subarray(i * classes, (i + 1) * classes)),
        ),
        errors: [...errors]
          .map(([error, counts]) => ({ error, counts: pairsOf(counts), total: sum(counts) }))
          .sort((a, b) => b.total - a.total)
          .map(({ error, counts }) => ({ error, counts })),
      };
    },
  };
}

function classOf(ms: number): number {
  const us = ms * 1000;
  return us <= 1 ? 0 : Math.min(classes - 1, Math.floor(Math.log10(us) * perDecade));
}

function untilEmpty(counts: Uint32Array): number[] {
  return [...counts.subarray(0, counts.findLastIndex((n) => n > 0) + 1)];
}

function pairsOf(counts: Uint32Array): number[] {
  const pairs: number[] = [];
  for (let i = 0; i < counts.length; i++) {
    const n = counts[i] ?? 0;
    if (n > 0) pairs.push(i, n);
  }
  return pairs;
}

function sum(counts: Uint32Array): number {
  return counts.reduce((all, n) => all + n, 0);
}
