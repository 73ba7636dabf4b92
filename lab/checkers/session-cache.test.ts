import { expect, test } from 'vitest';
import type { MetricSeries } from '../history/observations.ts';
import { sessionCache } from './session-cache.ts';

const counter = (source: string, name: string, values: readonly number[]): MetricSeries => ({
  source,
  name: `sessions_${name}_total`,
  labels: {},
  kind: 'counter',
  at: values.map((_, i) => i * 100),
  values,
});

test('adds the instances up, over a new beginning', () => {
  const metrics = [
    counter('app-1', 'local_hits', [0, 60, 10]),
    counter('app-2', 'local_hits', [15]),
    counter('app-1', 'local_misses', [10, 15]),
    counter('app-1', 'redis_reads', [16]),
    counter('app-2', 'overtaken_fills', [2]),
  ];
  expect(sessionCache(metrics)).toEqual({ redisReads: 16, readsSavedShare: 0.85, overtakenFills: 2 });
});

test('a plain store saves nothing that could be counted', () => {
  const metrics = [counter('app-1', 'redis_reads', [9]), counter('app-1', 'local_hits', [0])];
  expect(sessionCache(metrics)).toEqual({ redisReads: 9, readsSavedShare: null, overtakenFills: null });
  expect(sessionCache([])).toEqual({ redisReads: null, readsSavedShare: null, overtakenFills: null });
});
