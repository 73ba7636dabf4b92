import { expect, it } from 'vitest';
import { metricColumns } from './metric-columns.ts';

const NAME = { source: 'app-1', name: 'queries', labels: {}, kind: 'counter' } as const;

it('keeps the ends of a level that stays, and every change', () => {
  const columns = metricColumns();
  const column = columns.column(NAME);
  for (const [at, value] of [
    [0, 1],
    [1, 1],
    [2, 1],
    [3, 1],
    [4, 2],
    [5, 3],
    [6, 3],
  ] as const)
    column?.add(at, value, false);
  expect(columns.series()).toEqual([{ ...NAME, at: [0, 3, 4, 5, 6], values: [1, 1, 2, 3, 3] }]);
});

it('shows a gap though nothing changed over it', () => {
  const columns = metricColumns();
  const column = columns.column(NAME);
  for (const [at, afterGap] of [
    [0, false],
    [10, false],
    [20, false],
    [90, true],
    [100, false],
  ] as const)
    column?.add(at, 5, afterGap);
  expect(columns.series()[0]?.at).toEqual([0, 20, 90, 100]);
});

it('keeps a counter that began anew as it was told', () => {
  const columns = metricColumns();
  const column = columns.column(NAME);
  for (const [at, value] of [
    [0, 7],
    [10, 9],
    [90, 1],
  ] as const)
    column?.add(at, value, at === 90);
  expect(columns.series()[0]?.values).toEqual([7, 9, 1]);
});

it('is bounded, in points and in series', () => {
  const columns = metricColumns();
  const column = columns.column(NAME);
  for (let i = 0; i < 100_000; i++) column?.add(i, i, false);
  const [series] = columns.series();
  expect(series?.at.length).toBeLessThanOrEqual(20_000);
  expect([series?.at[0], series?.at.at(-1)]).toEqual([0, 99_999]);
  for (let i = 0; i < 3000; i++) columns.column({ ...NAME, labels: { user: String(i) } });
  expect(columns.series()).toHaveLength(2000);
  expect(columns.column(NAME)).toBeNull();
});
