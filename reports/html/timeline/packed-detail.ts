import type { ErrorDetail, GroupDetail, SeriesDetail } from '../../../lab/history/series-detail.ts';
import { packNumbers, unpackNumbers } from './packed-numbers.ts';

/** A series' detail as the page holds it: a tenth of its size, the counts of one outcome being those of its latencies. */
export interface PackedDetail {
  bucketMs: number;
  latencyBoundsMs: readonly number[];
  groups: readonly {
    group: string;
    fail: string;
    info: string;
    /** For each bucket how many classes it has, and for each how many places it is after the one before, and its count. */
    latencies: string;
    errors: readonly { error: string; counts: string }[];
  }[];
}

/** A page of 2 MB has other things to hold. */
const mostSigns = 400_000;

/** In buckets twice, four, … times as wide where it would be too much. */
export function packDetail(detail: SeriesDetail): PackedDetail {
  const { bucketMs, latencyBoundsMs, groups } = detail;
  const packed = groups.map(({ group, fail, info, latencies, errors }) => ({
    group,
    fail: packNumbers(fail),
    info: packNumbers(info),
    latencies: latencies.map((pairs) => packNumbers([pairs.length / 2, ...inSteps(pairs)])).join(''),
    errors: errors.map(({ error, counts }) => ({ error, counts: packNumbers(inSteps(counts)) })),
  }));
  const signs = packed.reduce(
    (sum, { fail, info, latencies }) => sum + fail.length + info.length + latencies.length,
    0,
  );
  return signs > mostSigns ? packDetail(halved(detail)) : { bucketMs, latencyBoundsMs, groups: packed };
}

export function unpackDetail({ bucketMs, latencyBoundsMs, groups }: PackedDetail): SeriesDetail {
  return {
    bucketMs,
    latencyBoundsMs,
    groups: groups.map(({ group, fail, info, latencies, errors }): GroupDetail => {
      const buckets = bucketsOf(unpackNumbers(latencies));
      return {
        group,
        ok: buckets.map((pairs) => pairs.reduce((sum, n, i) => (i % 2 === 0 ? sum : sum + n), 0)),
        fail: unpackNumbers(fail),
        info: unpackNumbers(info),
        latencies: buckets,
        errors: errors.map(({ error, counts }) => ({ error, counts: fromSteps(unpackNumbers(counts)) })),
      };
    }),
  };
}

/** Each place as its distance from the one before. */
function inSteps(pairs: readonly number[]): number[] {
  return pairs.map((value, i) => (i % 2 === 0 ? value - (pairs[i - 2] ?? 0) : value));
}

function fromSteps(steps: readonly number[]): number[] {
  let place = 0;
  return steps.map((value, i) => {
    if (i % 2 === 1) return value;
    place += value;
    return place;
  });
}

function bucketsOf(numbers: readonly number[]): number[][] {
  const buckets: number[][] = [];
  for (let i = 0; i < numbers.length; ) {
    const length = 2 * (numbers[i] ?? 0);
    buckets.push(fromSteps(numbers.slice(i + 1, i + 1 + length)));
    i += 1 + length;
  }
  return buckets;
}

/** With two buckets in each. */
function halved({ bucketMs, latencyBoundsMs, groups }: SeriesDetail): SeriesDetail {
  const inTwos = (counts: readonly number[]) =>
    Array.from(
      { length: Math.ceil(counts.length / 2) },
      (_, i) => (counts[2 * i] ?? 0) + (counts[2 * i + 1] ?? 0),
    );
  return {
    bucketMs: bucketMs * 2,
    latencyBoundsMs,
    groups: groups.map(({ group, ok, fail, info, latencies, errors }) => ({
      group,
      ok: inTwos(ok),
      fail: inTwos(fail),
      info: inTwos(info),
      latencies: Array.from({ length: Math.ceil(latencies.length / 2) }, (_, i) =>
        joined([...(latencies[2 * i] ?? []), ...(latencies[2 * i + 1] ?? [])]),
      ),
      errors: errors.map(
        ({ error, counts }): ErrorDetail => ({
          error,
          counts: joined(counts.map((n, i) => (i % 2 === 0 ? n >> 1 : n))),
        }),
      ),
    })),
  };
}

/** Pairs with those of the same place added up, ascending. */
function joined(pairs: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (let i = 0; i < pairs.length; i += 2) {
    const place = pairs[i] ?? 0;
    counts.set(place, (counts.get(place) ?? 0) + (pairs[i + 1] ?? 0));
  }
  return [...counts].sort(([a], [b]) => a - b).flat();
}
