import { expect, it } from 'vitest';
import { exitCodeOf } from './exit-code.ts';

it('is the worst run’s: a failed lab over a broken claim over what stayed undecided', () => {
  expect(exitCodeOf([])).toBe(0);
  expect(exitCodeOf(['as-expected', 'as-expected'])).toBe(0);
  expect(exitCodeOf(['as-expected', 'inconclusive'])).toBe(4);
  expect(exitCodeOf(['inconclusive', 'unexpected', 'as-expected'])).toBe(1);
  expect(exitCodeOf(['unexpected', 'lab-failed', 'inconclusive'])).toBe(3);
});
