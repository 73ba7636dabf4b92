import { expect, it } from 'vitest';
import { axisOf } from './axis.ts';
import { counted, counterRates, rateColumnMs } from './counter-rates.ts';
import { hitRateLanes, hitRateTable } from './hit-rate-lanes.ts';
import { queryLanes, queryTable } from './query-lane.ts';

const counter = (
  name: string,
  points: [at: number, value: number][],
  labels: Record<string, string> = {},
) => ({
  source: 'one',
  name,
  labels,
  kind: 'counter' as const,
  at: points.map(([at]) => at),
  values: points.map(([, value]) => value),
});
const frame = { axis: axisOf(1000), faults: [] };

it('spreads what a counter counted between two answers, and begins at 0 when it begins anew', () => {
  const one = counter('n', [
    [100, 1000],
    [300, 1020],
    [400, 5],
  ]);
  expect(counterRates([one], 600, 100).map(({ perSecond }) => perSecond)).toEqual([
    null,
    100,
    100,
    50,
    null,
    null,
  ]);
  expect(counted([one])).toBe(25);
  expect(rateColumnMs(12_000, 100)).toBe(100);
  expect(rateColumnMs(600_000, 200)).toBe(1000);
});

it('draws the database’s queries, and names the most frequent statement first', () => {
  const metrics = [
    counter(
      'queries',
      [
        [0, 0],
        [1000, 10],
      ],
      { statement: 'rare' },
    ),
    counter(
      'queries',
      [
        [0, 7],
        [500, 7],
        [1000, 107],
      ],
      { statement: 'often' },
    ),
    counter('queries', [[0, 3]], { statement: 'never' }),
  ];
  const { markup } = queryLanes(frame, metrics)[0] ?? { markup: '' };
  expect(markup).toContain('top 210/s');
  expect(markup.indexOf('often 100')).toBeLessThan(markup.indexOf('rare 10'));
  const table = queryTable(metrics, 1000).markup;
  expect(table).toContain('100 queries');
  expect(table).toContain('200/s at 0.500');
  expect(table).not.toContain('never');
  expect(queryLanes(frame, [])).toEqual([]);
});

it('draws the share of reads that a cache answered, with holes where nobody read', () => {
  const metrics = [
    counter(
      'cache_reads_total',
      [
        [0, 0],
        [400, 30],
        [1000, 30],
      ],
      { result: 'hit' },
    ),
    counter(
      'cache_reads_total',
      [
        [0, 0],
        [400, 10],
        [1000, 10],
      ],
      { result: 'fill' },
    ),
  ];
  const [lane, ...others] = hitRateLanes(frame, metrics);
  expect(others).toEqual([]);
  expect(lane?.markup).toContain('75\u202f% of all');
  expect(lane?.markup).toContain('d="M0 27H200L200 27H400"');
  expect(hitRateTable(metrics, 1000).markup).toContain('40 reads');
});
