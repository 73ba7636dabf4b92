import { describe, expect, test } from 'vitest';
import { rankTest } from './rank-test.ts';

describe('rankTest', () => {
  test('is exact for small samples: of C(6, 3) = 20 subsets two are as far apart', () => {
    expect(rankTest([4, 5, 6], [1, 2, 3])).toEqual({ p: 0.1, above: 1 });
    expect(rankTest([1, 2, 3], [4, 5, 6])).toEqual({ p: 0.1, above: 0 });
  });

  test('counts ties half', () => {
    // The ranks are 1, 2.5, 2.5, 4 and 5; of their ten pairs' sums 3.5, 3.5, 7.5, 7.5 and 9 are 1.5 or more from 6.
    expect(rankTest([2, 9], [1, 2, 5]).p).toBeCloseTo(0.5, 12);
    expect(rankTest([2, 9], [1, 2, 5]).above).toBeCloseTo(4.5 / 6, 12);
  });

  test('knows R’s example: wilcox.test(c(0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46), c(1.15, 0.88, 0.90, 0.74, 1.21)) has p 0.2544', () => {
    const first = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    expect(rankTest(first, [1.15, 0.88, 0.9, 0.74, 1.21]).p).toBeCloseTo(0.2544, 4);
  });

  test('finds nothing in equal samples and in no sample', () => {
    expect(rankTest([3, 3, 3], [3, 3])).toEqual({ p: 1, above: 0.5 });
    expect(rankTest([], [1, 2])).toEqual({ p: 1, above: 0.5 });
    expect(rankTest(Array(400).fill(3), Array(400).fill(3)).p).toBe(1);
  });

  test('by the normal distribution it comes to what counting gives', () => {
    const first = Array.from({ length: 12 }, (_, i) => (i * 37) % 41);
    const second = Array.from({ length: 30 }, (_, i) => ((i * 53) % 67) - 9);
    const counted = rankTest(first, second);
    // The same ranks a hundred times as often: too many to count, and no less apart.
    const many = (values: number[]) => values.flatMap((value) => Array<number>(40).fill(value));
    const estimated = rankTest(many(first), many(second));
    expect(estimated.above).toBeCloseTo(counted.above, 10);
    expect(counted.p).toBeGreaterThan(0.05);
    expect(estimated.p).toBeLessThan(counted.p);
  });

  test('estimates for large samples what the normal distribution says', () => {
    // U is 125,000 ± sqrt(500 × 500 × 1001 / 12) = 4566.6 without ties; here it is 1.96 of these further, and p 0.05.
    const second = Array.from({ length: 500 }, (_, i) => i);
    const first = Array.from({ length: 500 }, (_, i) => i + 0.5 + 18.29);
    expect(rankTest(first, second).p).toBeGreaterThan(0.04);
    expect(rankTest(first, second).p).toBeLessThan(0.06);
  });
});
