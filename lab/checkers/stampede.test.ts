import { expect, test } from 'vitest';
import type { MetricSeries } from '../history/observations.ts';
import { fault, type Handwritten, handwritten, op } from './handwritten.ts';
import { stampede } from './stampede.ts';

const check = (input: Handwritten, options = {}) =>
  stampede({ epochMs: 200, ...options }).check(handwritten(input));
const fill = (at: number, key = 'k') => op('fill', 1, at, { invoked: at, client: 'app-1/fills', key });
const fills = (...times: number[]) => times.map((at) => fill(at));
const queries = (at: number[], values: number[]): MetricSeries => ({
  source: 'db-1',
  name: 'queries',
  labels: { statement: 'product-by-id' },
  kind: 'counter',
  at,
  values,
});

test('one fill a miss is valid', () => {
  expect(check({ operations: [...fills(100, 301, 700), fill(100, 'other')] })).toMatchObject({
    verdict: 'valid',
    figures: { epochs: 4, fills: 4, worstFactor: 1, meanFactor: 1, stampedes: 0 },
  });
});

test('several fills in an epoch are a stampede', () => {
  const operations = [...fills(100, 101, 150, 700), fill(100, 'other')];
  const result = check({ operations });
  expect(result).toMatchObject({
    verdict: 'invalid',
    figures: { epochs: 3, fills: 5, worstFactor: 3, stampedes: 1, worstByKey: { k: 3, other: 1 } },
    findings: [{ at: 100, to: 150, kind: 'stampede', key: 'k', value: 3 }],
  });
  expect(check({ operations }, { maxFillsPerEpoch: 3 }).verdict).toBe('valid');
  expect(check({ operations }, { keys: ['other'] }).verdict).toBe('valid');
});

test('an update in between excuses one more fill at each of its ends, not a stampede', () => {
  const update = op('update', 2, 150, { invoked: 120, client: 'u' });
  expect(check({ operations: [...fills(100, 130, 160), update] })).toMatchObject({
    verdict: 'valid',
    figures: { epochs: 3 },
  });
  expect(check({ operations: [...fills(100, 130, 131, 132, 160), update] })).toMatchObject({
    verdict: 'invalid',
    figures: { worstFactor: 3 },
  });
  const elsewhere = op('update', 2, 150, { invoked: 120, client: 'u', key: 'other' });
  expect(check({ operations: [...fills(100, 160), elsewhere] }).verdict).toBe('invalid');
});

/** 2 queries/s until the fault at 2000 ms, then 50 in half a second. */
const spike = queries([0, 1000, 2000, 2500, 3000, 4000], [10, 12, 14, 64, 64, 65]);
const seen = { metrics: [spike], faults: [fault(['p'], 2000)] };
const agreeing = [100, 600, 1100, 1600, ...Array.from({ length: 50 }, (_, i) => 2100 + i), 3500];

test('the peak beside the rate before the first fault', () => {
  const operations = agreeing.map((at, i) => fill(at, `k${i}`));
  const result = check({ operations, seen }, { maxPeakRatio: 10 });
  expect(result).toMatchObject({
    verdict: 'invalid',
    figures: {
      baselinePerSecond: 2,
      peakPerSecond: 51,
      peakRatio: 25.5,
      countedByDatabase: 55,
      countedByApp: 55,
    },
  });
  expect(check({ operations, seen }, { maxPeakRatio: 30 }).verdict).toBe('valid');
  expect(check({ operations }, { maxPeakRatio: 30 }).verdict).toBe('unknown');
});

test('when the database counted other than the app, nobody knows', () => {
  const operations = agreeing.slice(0, 20).map((at, i) => fill(at, `k${i}`));
  const result = check({ operations, seen });
  expect(result).toMatchObject({ verdict: 'unknown', figures: { countedByDatabase: 55, countedByApp: 20 } });
  expect(result.summary).toContain('20 queries and the database 55');
  expect(check({ operations, seen }, { countTolerance: 40 }).verdict).toBe('valid');
});

test('a database that started anew goes on counting', () => {
  const restarted = queries([0, 1000, 2000, 3000], [10, 14, 2, 5]);
  const operations = [100, 200, 300, 400, 1500, 1600, 2500, 2600, 2700].map((at, i) => fill(at, `k${i}`));
  const result = check({ operations, seen: { metrics: [restarted] } }, { countTolerance: 0 });
  expect(result).toMatchObject({ verdict: 'valid', figures: { countedByDatabase: 9, countedByApp: 9 } });
});

test('unknown without fills', () => {
  expect(check({ operations: [op('view', 1, 100)] }).verdict).toBe('unknown');
});
