import { expect, test } from 'vitest';
import { latencyHistogram } from './latency-histogram.ts';
import type { Operation } from './operation.ts';
import { bucketMsFor, computeSeries } from './series.ts';
import { detailBucketMsFor } from './series-detail.ts';

const clients = [
  { name: 'a', group: 'writers', host: 'h' },
  { name: 'b', group: 'readers', host: 'h' },
];
const op = (
  client: string,
  completed: number,
  latencyMs: number,
  error: string | null = null,
): Operation => ({
  client,
  f: 'add',
  key: 'k',
  value: 1,
  invoked: completed - latencyMs,
  completed,
  outcome: error === null ? 'ok' : 'info',
  node: null,
  error,
});

test('counts operations where they ended, per group, with their latencies', () => {
  const operations = [
    op('a', 50, 1),
    op('a', 99, 3),
    op('a', 100, 2),
    op('b', 150, 4),
    op('a', 160, 9, 'timeout'),
  ];
  const { series, errors } = computeSeries({ operations, clients, durationMs: 250 });
  expect(series.bucketMs).toBe(100);
  expect(series.groups[0]).toMatchObject({
    group: 'writers',
    ok: [2, 1, 0],
    info: [0, 1, 0],
    fail: [0, 0, 0],
  });
  expect(series.groups[0]?.max).toEqual([3, 2, null]);
  expect(series.groups[1]?.ok).toEqual([0, 1, 0]);
  expect(errors).toEqual({ timeout: 1 });
});

test('counts who answered, writes and reads apart', () => {
  const by = (node: string | null, f: string, at: number) => ({ ...op('a', at, 1), node, f });
  const operations = [
    by('n1', 'add', 1),
    by('n2', 'add', 101),
    by('n2', 'add', 102),
    by('n1', 'read', 3),
    by(null, 'write', 4),
  ];
  const failed = { ...op('a', 5, 1, 'timeout'), node: 'n3' };
  const { series } = computeSeries({ operations: [...operations, failed], clients, durationMs: 200 });
  expect(series.groups[0]?.writesBy).toEqual({ n1: [1, 0], n2: [0, 2], '': [1, 0] });
  expect(series.groups[0]?.readsBy).toEqual({ n1: [1, 0] });
  expect(series.groups[1]?.writesBy).toEqual({});
});

test('what ends after the run counts in the last bucket', () => {
  const { series } = computeSeries({ operations: [op('a', 999, 1)], clients, durationMs: 200 });
  expect(series.groups[0]?.ok).toEqual([0, 1]);
});

test('has the same in finer buckets, with latencies by class and errors by kind', () => {
  const operations = [
    op('a', 5, 1),
    op('a', 9, 1.05),
    op('a', 12, 500),
    op('a', 31, 2, 'timeout'),
    op('a', 32, 2, 'timeout'),
    op('a', 45, 2, 'reset'),
    { ...op('a', 46, 2), error: 'by local' },
  ];
  const { detail } = computeSeries({ operations, clients, durationMs: 60 }).series;
  expect(detail?.bucketMs).toBe(10);
  const [writers, readers] = detail?.groups ?? [];
  expect(writers).toMatchObject({ group: 'writers', ok: [2, 1, 0, 0, 1], info: [0, 0, 0, 2, 1], fail: [] });
  expect(writers?.errors).toEqual([
    { error: 'timeout', counts: [3, 2] },
    { error: 'reset', counts: [4, 1] },
  ]);
  const bounds = detail?.latencyBoundsMs ?? [];
  const [two, one] = writers?.latencies ?? [];
  expect(two).toEqual([bounds.indexOf(1), 2]);
  expect(bounds[one?.[0] ?? 0]).toBeLessThanOrEqual(500);
  expect(bounds[(one?.[0] ?? 0) + 1]).toBeGreaterThan(500);
  expect(readers).toMatchObject({ group: 'readers', ok: [], latencies: [], errors: [] });
});

test('detail has at most 2000 buckets', () => {
  expect([0, 20_000, 20_001, 600_000, 3_600_000].map(detailBucketMsFor)).toEqual([10, 10, 20, 500, 2000]);
});

test('a run is cut into at most 240 buckets', () => {
  expect([0, 24_000, 24_001, 60_000, 3_600_000].map(bucketMsFor)).toEqual([100, 100, 200, 500, 20_000]);
});

test('endless kinds of errors are counted together', () => {
  const operations = Array.from({ length: 300 }, (_, i) => op('a', 1, 1, `unclassified: ${i}`));
  const { errors } = computeSeries({ operations, clients, durationMs: 100 });
  expect(Object.keys(errors)).toHaveLength(101);
  expect(errors.others).toBe(200);
});

test('quantiles are right to 3 %, from microseconds to minutes', () => {
  for (const scale of [0.001, 0.02, 1, 250, 60_000]) {
    const histogram = latencyHistogram();
    for (let i = 1; i <= 1000; i++) histogram.add(i === 1000 ? scale * 5 : scale);
    const p50 = histogram.quantile(0.5) ?? 0;
    expect(Math.abs(p50 / scale - 1)).toBeLessThan(0.035);
    expect(histogram.max()).toBe(scale * 5);
    expect(histogram.quantile(1) ?? 0).toBeGreaterThan(scale * 4.8);
  }
  expect(latencyHistogram().quantile(0.5)).toBeNull();
});
