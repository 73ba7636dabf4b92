import { expect, it } from 'vitest';
import { compareVersions, fits } from './version-number.ts';

it('compares numbers, not letters', () => {
  expect(compareVersions('7.0.9', '7.0.15')).toBeLessThan(0);
  expect(compareVersions('10.0.0', '9.9.9')).toBeGreaterThan(0);
  expect(compareVersions('2.38', '2.38.0')).toBe(0);
});

it('has a lower end that is included and an upper one that is not', () => {
  const range = { minimum: '2.12.0', below: '3.0.0' };
  expect(['2.11.9', '2.12.0', '2.99.0', '3.0.0'].map((version) => fits(version, range))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});
