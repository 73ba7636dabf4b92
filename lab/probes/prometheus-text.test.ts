import { expect, it } from 'vitest';
import { readingOf, readMetrics } from './prometheus-text.ts';

const TEXT = `# HELP app_queries_total Statements.
# TYPE app_queries_total counter
app_queries_total{instance="app-1",statement="product-by-id"} 17
app_queries_total{statement="a \\"b\\" } c\\\\d\\ne"} 3 1700000000000
# TYPE app_breaker gauge
app_breaker -1.5e-3
# TYPE app_seconds histogram
app_seconds_bucket{le="0.5"} 4
app_seconds_sum 1.25
app_seconds_count 4
app_nan NaN
app_nothing
}{ 3

`;

it('reads counters, levels and the sums of distributions, and passes over what is none', () => {
  const kinds = new Map<string, string>();
  const read: unknown[] = [];
  readMetrics(TEXT, kinds, (series, value) => {
    const reading = readingOf(series, kinds);
    if (reading !== null) read.push([reading.name, reading.labels, reading.kind, value]);
  });
  expect(read).toEqual([
    ['app_queries_total', { instance: 'app-1', statement: 'product-by-id' }, 'counter', 17],
    ['app_queries_total', { statement: 'a "b" } c\\d\ne' }, 'counter', 3],
    ['app_breaker', {}, 'gauge', -0.0015],
    ['app_seconds_sum', {}, 'counter', 1.25],
    ['app_seconds_count', {}, 'counter', 4],
  ]);
});

it('does not take a name that ends in _count for a part of a distribution', () => {
  const kinds = new Map([['app_user_count', 'gauge']]);
  expect(readingOf('app_user_count', kinds)).toEqual({ name: 'app_user_count', labels: {}, kind: 'gauge' });
  expect(readingOf('app_seconds{quantile="0.5"}', new Map([['app_seconds', 'summary']]))).toBeNull();
});
