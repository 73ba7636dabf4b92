import { expect, test } from 'vitest';
import type { MetricSeries } from '../history/observations.ts';
import type { Operation } from '../history/operation.ts';
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

test('a fault by name, and how long before it the rate is normal', () => {
  const slow = fault(['p'], 500);
  const later = { ...fault(['p'], 2000), name: 'flush' };
  const operations = agreeing.map((at, i) => fill(at, `k${i}`));
  const bursts = { metrics: [queries([0, 500, 1000, 2000, 2500, 4000], [0, 20, 20, 21, 55, 55])] };
  const input = { operations, seen: { ...bursts, faults: [slow, later] } };
  expect(check(input, { fault: 'flush', baselineMs: 1000 }).figures).toMatchObject({
    baselinePerSecond: 1,
    peakPerSecond: 34.5,
  });
  expect(check(input, { fault: 'flush' }).figures.baselinePerSecond).toBe(10.5);
  expect(check(input, { fault: 'other' })).toMatchObject({
    verdict: 'unknown',
    figures: { baselinePerSecond: null },
  });
});

test('epochs before the fault that is meant do not count', () => {
  const later = { ...fault(['p'], 2000), name: 'flush' };
  const cold = [fill(100), fill(101), fill(102)];
  const count = (operations: Operation[]) =>
    check({ operations, seen: { faults: [later] } }, { fault: 'flush' });
  expect(count([...cold, fill(2100)])).toMatchObject({ verdict: 'valid', figures: { worstFactor: 1 } });
  expect(count([...cold, fill(2100), fill(2101)])).toMatchObject({
    verdict: 'invalid',
    figures: { worstFactor: 2 },
  });
  // What needs no fill at all is as good as it gets.
  expect(count(cold)).toMatchObject({ verdict: 'valid', figures: { worstFactor: 0 } });
});

test('peaks of a warm load beside its mean, without any fault', () => {
  // 100 queries at the start, then 10 a second in one tenth of each second.
  const at = Array.from({ length: 61 }, (_, i) => i * 100);
  const values = at.map((time) => 100 + 10 * Math.floor(time / 1000));
  const operations = Array.from({ length: 60 }, (_, i) =>
    fill(1000 + 1000 * Math.floor(i / 10) - 1, `k${i}`),
  );
  const spikes = { metrics: [queries(at, values)], loadWindow: { from: 0, to: 6000 } };
  const options = { windowMs: 200, warmUpMs: 500 };
  const result = check({ operations, seen: spikes }, { ...options, maxPeakToMean: 4 });
  expect(result).toMatchObject({ verdict: 'invalid', figures: { steadyPeakPerSecond: 50, peakToMean: 4.6 } });
  expect(check({ operations, seen: spikes }, { ...options, maxPeakToMean: 5 }).verdict).toBe('valid');
  const never = { windowMs: 200, warmUpMs: 5900, maxPeakToMean: 5 };
  expect(check({ operations, seen: spikes }, never).verdict).toBe('unknown');
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
