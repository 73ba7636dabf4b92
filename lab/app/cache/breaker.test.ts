import { expect, test } from 'vitest';
import { breaker, CacheAway } from './breaker.ts';

const fail = () => Promise.reject(new Error('no'));
const succeed = () => Promise.resolve('yes');

test('opens after failures in a row, lets one try later, and that one decides', async () => {
  let now = 0;
  const one = breaker({ failures: 2, openMs: 100 }, undefined, () => now);
  await expect(one.run(fail)).rejects.toThrow(CacheAway);
  expect(await one.run(succeed)).toBe('yes');
  await expect(one.run(fail)).rejects.toThrow(CacheAway);
  expect(one.state).toBe('closed');
  await expect(one.run(fail)).rejects.toThrow(CacheAway);
  expect(one.state).toBe('open');
  await expect(one.run(succeed)).rejects.toThrow('open');
  now = 100;
  expect(one.state).toBe('half-open');
  await expect(one.run(fail)).rejects.toThrow(CacheAway);
  expect(one.state).toBe('open');
  now = 200;
  const trial = Promise.withResolvers<string>();
  const first = one.run(() => trial.promise);
  await expect(one.run(succeed)).rejects.toThrow('open');
  trial.resolve('yes');
  expect(await first).toBe('yes');
  expect(one.state).toBe('closed');
});

test('without settings it asks for ever', async () => {
  const one = breaker(null);
  for (let i = 0; i < 20; i++) await expect(one.run(fail)).rejects.toThrow(CacheAway);
  expect(one.state).toBe('closed');
  expect(await one.run(succeed)).toBe('yes');
});
