import { expect, test } from 'vitest';
import type { MetricSeries } from '../history/observations.ts';
import { fault, handwritten } from './handwritten.ts';
import { level } from './level.ts';

const METRIC = 'redis_waiting_commands';
const series = (source: string, values: readonly number[], role = 'sessions'): MetricSeries => ({
  source,
  name: METRIC,
  labels: { role },
  kind: 'gauge',
  at: values.map((_, i) => 100 * (i + 1)),
  values,
});
const check = (metrics: readonly MetricSeries[], options = {}) =>
  level({ metric: METRIC, ...options }).check(
    handwritten({ seen: { metrics, faults: [fault(['p'], 150, 350)] } }),
  );
const grown = [series('app-1', [2, 5, 90, 1]), series('app-2', [1, 40, 3, 3])];

test('the highest of any source, before the fault and at all', () => {
  expect(check(grown, { max: 90 })).toMatchObject({
    verdict: 'valid',
    figures: {
      before: 2,
      highest: 90,
      highestAtMs: 300,
      grownBy: 88,
      last: 3,
      highestBySource: { 'app-1': 90, 'app-2': 40 },
    },
  });
});

test('invalid above its bound', () => {
  expect(check(grown, { max: 89 }).verdict).toBe('invalid');
});

test('of one role alone', () => {
  const both = [series('app-1', [7]), series('app-1', [500], 'cache')];
  expect(check(both, { role: 'sessions', max: 10 }).verdict).toBe('valid');
  expect(check(both, { max: 10 }).verdict).toBe('invalid');
});

test('unknown when nobody measured it', () => {
  expect(check([]).verdict).toBe('unknown');
  expect(check([series('app-1', [])]).verdict).toBe('unknown');
  expect(check([{ ...series('app-1', [1]), kind: 'counter' }]).verdict).toBe('unknown');
  expect(level().check(handwritten({})).verdict).toBe('unknown');
});
