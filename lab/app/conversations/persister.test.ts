import { expect, test } from 'vitest';
import type { ColdTurns } from './cold-turns.ts';
import type { HotTurns } from './hot-turns.ts';
import { persister } from './persister.ts';

test('a turn that comes when its conversation has just been persisted does not wait for the next one', async () => {
  const waiting = [1];
  const stored: number[] = [];
  const hot = {
    pending: async () => waiting.map((turn) => ({ turn, text: '' })),
    persisted: async () => {
      waiting.length = 0;
      return 0;
    },
  } as unknown as HotTurns;
  const cold = {
    store: async (_: number, turns: readonly { turn: number }[]) => {
      stored.push(...turns.map(({ turn }) => turn));
    },
  } as unknown as ColdTurns;
  const count = {
    persisted: () => {
      // Redis has said that nothing waits, and the run has not ended yet.
      if (stored.length > 1) return;
      waiting.push(2);
      one.said(5, 1);
    },
    failed: () => {},
  };
  const one = persister(hot, cold, 1, { warn: () => {} }, count);
  one.said(5, 1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(stored).toEqual([1, 2]);
  expect(one.size()).toBe(0);
  await one.close();
});
