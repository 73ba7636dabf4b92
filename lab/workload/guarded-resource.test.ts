import { expect, it } from 'vitest';
import { guardedResource } from './guarded-resource.ts';

it('takes whatever comes, where nobody looks at tokens', () => {
  const resource = guardedResource(false);
  expect([resource.write('k', 'a', 2), resource.write('k', 'b', 1), resource.write('k', 'a', 2)]).toEqual([
    true,
    true,
    true,
  ]);
});

it('refuses who comes after a later holder, of the same lock alone', () => {
  const resource = guardedResource(true);
  expect(resource.write('k', 'a', 1)).toBe(true);
  expect(resource.write('k', 'b', 2)).toBe(true);
  expect(resource.write('k', 'a', 1)).toBe(false);
  expect(resource.write('other', 'a', 1)).toBe(true);
  expect(resource.write('k', 'b', 2)).toBe(true);
});

it('refuses a token that was given out again, as after a failover', () => {
  const resource = guardedResource(true);
  expect(resource.write('k', 'a', 5)).toBe(true);
  expect(resource.write('k', 'b', 5)).toBe(false);
  expect(resource.write('k', 'b', 4)).toBe(false);
  expect(resource.write('k', 'a', 5)).toBe(true);
});
