import { expect, test } from 'vitest';
import type { LabEvent, MetricSeries } from '../history/observations.ts';
import { handwritten } from './handwritten.ts';
import { queryCounts } from './query-counts.ts';

const series = (
  source: string,
  name: string,
  statement: string,
  values: readonly number[],
): MetricSeries => ({
  source,
  name,
  labels: { statement },
  kind: 'counter',
  at: values.map((_, i) => i * 100),
  values,
});
const sent = (source: string, values: readonly number[], statement = 'by-id') =>
  series(source, 'database_queries_total', statement, values);
const failed = (values: readonly number[]) => series('app-1', 'database_failures_total', 'by-id', values);
const done = (values: readonly number[], statement = 'by-id') => series('db-1', 'queries', statement, values);
const check = (metrics: readonly MetricSeries[], events: LabEvent[] = [], options = {}) =>
  queryCounts(options).check(handwritten({ seen: { metrics, events } }));
const end = (node: string): LabEvent => ({
  at: 500,
  source: 'lab',
  kind: 'process',
  text: '',
  data: { node, action: 'end' },
});

test('valid when the instances together sent what the server did, over a new beginning', () => {
  const metrics = [sent('app-1', [10, 60, 5]), sent('app-2', [35]), done([20, 100]), done([7], 'unlabelled')];
  expect(check(metrics)).toMatchObject({
    verdict: 'valid',
    figures: { sent: 100, done: 100, unaccounted: 0 },
  });
});

test('invalid when either has counted more', () => {
  expect(check([sent('app-1', [100]), done([98])]).verdict).toBe('invalid');
  expect(check([sent('app-1', [100]), done([102])])).toMatchObject({
    verdict: 'invalid',
    figures: { unaccountedByStatement: { 'by-id': 2 } },
  });
  expect(check([sent('app-1', [100]), done([98])], [], { maxShare: 0.02 }).verdict).toBe('valid');
  // One of each must not hide each other.
  const crossed = [sent('app-1', [50], 'a'), sent('app-1', [50], 'b'), done([60], 'a'), done([40], 'b')];
  expect(check(crossed).verdict).toBe('invalid');
});

test('what failed the server may have done or not', () => {
  for (const by of [90, 95, 100])
    expect(check([sent('app-1', [100]), failed([10]), done([by])]).verdict).toBe('valid');
  expect(check([sent('app-1', [100]), failed([10]), done([88])]).verdict).toBe('invalid');
});

test('unknown when a process ended with what it had counted last, or a count is missing', () => {
  const metrics = [sent('app-1', [100]), done([120])];
  expect(check(metrics, [end('app-1')]).verdict).toBe('unknown');
  expect(check(metrics, [end('redis-1')]).verdict).toBe('invalid');
  expect(check([sent('app-1', [100])]).verdict).toBe('unknown');
  expect(check([]).verdict).toBe('unknown');
});
