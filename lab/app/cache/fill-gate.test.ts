import { expect, test } from 'vitest';
import { fillGate, GateFull } from './fill-gate.ts';

test('so many at once, the others in order of arrival', async () => {
  const gate = fillGate(2, 10_000);
  const ended = Promise.withResolvers<void>();
  const begun: number[] = [];
  let most = 0;
  let inside = 0;
  const fills = [1, 2, 3, 4, 5].map((n) =>
    gate.run(async () => {
      begun.push(n);
      most = Math.max(most, ++inside);
      await ended.promise;
      inside--;
    }),
  );
  await Promise.resolve();
  expect(begun).toEqual([1, 2]);
  ended.resolve();
  await Promise.all(fills);
  expect(begun).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});

test('who finds no place in time is refused, and does not keep one', async () => {
  const gate = fillGate(1, 5);
  const ended = Promise.withResolvers<void>();
  const first = gate.run(() => ended.promise);
  await expect(gate.run(async () => {})).rejects.toThrow(GateFull);
  ended.resolve();
  await first;
  expect(await gate.run(async () => 'in')).toBe('in');
});

test('null is any number', async () => {
  const gate = fillGate(null, 0);
  const ended = Promise.withResolvers<void>();
  let inside = 0;
  const fills = Array.from({ length: 50 }, () =>
    gate.run(() => {
      inside++;
      return ended.promise;
    }),
  );
  expect(inside).toBe(50);
  ended.resolve();
  await Promise.all(fills);
});
