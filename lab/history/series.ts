import { type LatencyHistogram, latencyHistogram } from './latency-histogram.ts';
import type { ClientInfo, Operation } from './operation.ts';
import {
  type DetailCollector,
  detailBucketMsFor,
  detailCollector,
  latencyBoundsMs,
  type SeriesDetail,
} from './series-detail.ts';

/** Operations over time in equal buckets, per group of clients. Bucket i covers [i × bucketMs, (i + 1) × bucketMs). */
export interface Series {
  bucketMs: number;
  groups: readonly GroupSeries[];
  /** The same in finer buckets; absent in documents of older versions. */
  detail?: SeriesDetail;
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
  /**
   * Operations that ended `ok` in the bucket, by the node that answered (null as ``): those that changed something, and
   * those that only read. Absent in documents of older versions.
   */
  writesBy?: CountsByNode;
  readsBy?: CountsByNode;
}

/** Counts for each bucket by node, nodes without any left out. */
export type CountsByNode = Readonly<Record<string, readonly number[]>>;

export interface SeriesInput {
  operations: Iterable<Operation>;
  clients: readonly ClientInfo[];
  /** Length of the run; operations beyond it count in the last bucket. */
  durationMs: number;
  /** Default: see `bucketMsFor`. */
  bucketMs?: number;
}

export interface SeriesAndErrors {
  series: Series;
  /** Operations per error, most frequent first; those beyond the hundredth kind together as `others`. */
  errors: Readonly<Record<string, number>>;
}

const mostBuckets = 240;
const errorKinds = 100;
const niceMs = [100, 200, 500];

/** The smallest of 100, 200, 500, 1000, 2000, … ms that cuts the run into at most 240 buckets. */
export function bucketMsFor(durationMs: number): number {
  for (let scale = 1; ; scale *= 10)
    for (const ms of niceMs) if (durationMs <= ms * scale * mostBuckets) return ms * scale;
}

/** Throughput and latency over time, and how often each error came: one pass, without keeping latencies. p50 and p99 are right to ± 3 %. */
export function computeSeries(input: SeriesInput): SeriesAndErrors {
  const bucketMs = input.bucketMs ?? bucketMsFor(input.durationMs);
  const buckets = Math.max(1, Math.ceil(input.durationMs / bucketMs));
  const detailMs = detailBucketMsFor(input.durationMs);
  const groups = new Map<string, Collector>();
  const collectors = new Map<string, Collector>();
  for (const { name, group } of input.clients) {
    const collector = groups.get(group) ?? collect(buckets, detailCollector(detailMs, input.durationMs));
    groups.set(group, collector);
    collectors.set(name, collector);
  }
  const errors = new Map<string, number>();
  for (const operation of input.operations) {
    const { client, f, node, completed, invoked, outcome, error } = operation;
    if (error !== null) count(errors, error);
    const collector = collectors.get(client);
    if (collector === undefined) continue;
    collector.detail.add(operation);
    const bucket = Math.min(buckets - 1, Math.max(0, Math.floor(completed / bucketMs)));
    collector[outcome][bucket] = (collector[outcome][bucket] ?? 0) + 1;
    if (outcome !== 'ok') continue;
    const counts = nodeCounts(reading.has(f) ? collector.readsBy : collector.writesBy, node ?? '', buckets);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
    collector.latency[bucket] ??= latencyHistogram();
    collector.latency[bucket].add(completed - invoked);
  }
  const detail = {
    bucketMs: detailMs,
    latencyBoundsMs,
    groups: [...groups].map(([group, collector]) => ({ group, ...collector.detail.detail() })),
  };
  return {
    series: { bucketMs, groups: [...groups].map(([group, collector]) => finish(group, collector)), detail },
    errors: Object.fromEntries([...errors].sort(([, a], [, b]) => b - a)),
  };
}

interface Collector {
  ok: number[];
  fail: number[];
  info: number[];
  latency: (LatencyHistogram | undefined)[];
  writesBy: Map<string, number[]>;
  readsBy: Map<string, number[]>;
  detail: DetailCollector;
}

/** Operations that change nothing; everything else is a write. */
export const reading: ReadonlySet<string> = new Set(['read', 'view', 'recall']);

function nodeCounts(byNode: Map<string, number[]>, node: string, buckets: number): number[] {
  const known = byNode.get(node);
  if (known !== undefined) return known;
  const counts = new Array<number>(buckets).fill(0);
  byNode.set(node, counts);
  return counts;
}

function collect(buckets: number, detail: DetailCollector): Collector {
  const zeros = () => new Array<number>(buckets).fill(0);
  return {
    ok: zeros(),
    fail: zeros(),
    info: zeros(),
    latency: new Array(buckets).fill(undefined),
    writesBy: new Map(),
    readsBy: new Map(),
    detail,
  };
}

function finish(group: string, { ok, fail, info, latency, writesBy, readsBy }: Collector): GroupSeries {
  const each = (value: (histogram: LatencyHistogram) => number | null) =>
    latency.map((histogram) => (histogram === undefined ? null : rounded(value(histogram))));
  return {
    group,
    ok,
    fail,
    info,
    p50: each((histogram) => histogram.quantile(0.5)),
    p99: each((histogram) => histogram.quantile(0.99)),
    max: each((histogram) => histogram.max()),
    writesBy: Object.fromEntries(writesBy),
    readsBy: Object.fromEntries(readsBy),
  };
}

function count(errors: Map<string, number>, error: string): void {
  const name = errors.has(error) || errors.size < errorKinds ? error : 'others';
  errors.set(name, (errors.get(name) ?? 0) + 1);
}

/** To the microsecond: what was measured is no finer. */
function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 1000) / 1000;
}
