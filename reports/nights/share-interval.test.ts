import { expect, test } from 'vitest';
import { shareInterval } from './share-interval.ts';

test.each([
  // Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3.
  [81, 263, 0.308, 0.2553, 0.3662],
  [15, 148, 0.1014, 0.0624, 0.1605],
  [0, 20, 0, 0, 0.1611],
  [1, 29, 0.0345, 0.0061, 0.1718],
])('%i of %i', (hits, runs, share, from, to) => {
  const interval = shareInterval(hits, runs);
  expect(interval?.share).toBeCloseTo(share, 3);
  expect(interval?.from).toBeCloseTo(from, 4);
  expect(interval?.to).toBeCloseTo(to, 4);
});

test('ten of ten is not always', () => {
  expect(shareInterval(10, 10)?.to).toBeCloseTo(1, 12);
  expect(shareInterval(10, 10)?.from).toBeCloseTo(0.7225, 4);
  expect(shareInterval(0, 0)).toBeNull();
});
