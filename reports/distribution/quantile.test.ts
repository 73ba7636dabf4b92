import { describe, expect, it } from 'vitest';
import { quantile } from './quantile.ts';

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('a quantile', () => {
  it('is a value of the sample', () => {
    expect(quantile(upTo(10), 0.5).value).toBe(5);
    expect(quantile(upTo(10), 0.9).value).toBe(9);
    expect(quantile(upTo(10), 0.99).value).toBe(10);
    expect(quantile([7], 0.5).value).toBe(7);
  });

  // Tables of the sign test: for the median of 10 the 2nd and 9th value (97.9 %), of 20 the 6th and 15th (95.9 %).
  it.each([
    [10, 2, 9],
    [20, 6, 15],
  ])('the median of %i has the interval of the textbook', (n, from, to) => {
    expect(quantile(upTo(n), 0.5).interval).toEqual({ from, to });
  });

  it('has none where the sample is too small', () => {
    expect(quantile(upTo(5), 0.5).interval).toBeNull();
    expect(quantile(upTo(100), 0.99).interval).toBeNull();
    expect(quantile(upTo(300), 0.5).interval).not.toBeNull();
  });

  it('is held by its interval as often as it says', () => {
    // A generator of its own (a linear congruence), so that it is the same each time.
    let state = 1;
    const next = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    const held = upTo(2000).filter(() => {
      const sample = upTo(30)
        .map(next)
        .sort((a, b) => a - b);
      const { interval } = quantile(sample, 0.9);
      // The uniform distribution's own 0.9 quantile; without an upper end it counts as held.
      return interval === null || (interval.from <= 0.9 && 0.9 <= interval.to);
    });
    expect(held.length / 2000).toBeGreaterThan(0.93);
  });
});
