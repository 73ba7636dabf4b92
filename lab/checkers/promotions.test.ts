import { expect, test } from 'vitest';
import { handwritten, role } from './handwritten.ts';
import { firstPrimary } from './promotions.ts';

/** The first primary of a run whose load begins at 100 ms. */
const first = (roles: ReturnType<typeof role>[]) =>
  firstPrimary(handwritten({ seen: { roles, loadWindow: { from: 100, to: 900 } } }).seen);

test('of several systems the first primary is the first system’s, even if another was seen to be one before', () => {
  const sessions = [role('sessions-1', 'down', 0, 2), role('sessions-1', 'primary', 2, 1000)];
  const cache = [role('cache-1', 'primary', 0, 1000)];
  expect(first([...sessions, ...cache])).toBe('sessions-1');
  expect(first([...cache, ...sessions])).toBe('cache-1');
});

test('who was a primary only before the load is not the first, unless there is no other', () => {
  const before = [role('a', 'primary', 0, 50), role('a', 'replica', 50, 1000)];
  expect(first([...before, role('b', 'primary', 60, 1000)])).toBe('b');
  expect(first(before)).toBe('a');
});
