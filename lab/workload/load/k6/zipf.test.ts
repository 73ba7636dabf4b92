import { expect, test } from 'vitest';
import { prng } from '../../../common/prng.ts';
import { zipf } from './zipf.ts';

test.each([0, 0.5, 1, 1.3, 2])('exponent %d: each rank as often as it should be', (exponent) => {
  const count = 20;
  const draws = 200_000;
  const next = zipf(count, exponent, prng(exponent).next);
  const seen = new Array<number>(count).fill(0);
  for (let i = 0; i < draws; i++) {
    const rank = next();
    seen[rank - 1] = (seen[rank - 1] ?? Number.NaN) + 1;
  }
  const weights = seen.map((_, i) => (i + 1) ** -exponent);
  const sum = weights.reduce((a, b) => a + b, 0);
  for (const [i, times] of seen.entries()) {
    const expected = (draws * (weights[i] ?? 0)) / sum;
    expect(Math.abs(times - expected)).toBeLessThan(5 * Math.sqrt(expected) + 1);
  }
});

test('one rank', () => {
  const next = zipf(1, 1, prng(1).next);
  expect([next(), next(), next()]).toEqual([1, 1, 1]);
});
