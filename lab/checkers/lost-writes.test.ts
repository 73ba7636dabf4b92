import { expect, test } from 'vitest';
import { lostWrites } from './lost-writes.ts';

const lost = (at: number, cause = 'wiped') => ({
  at,
  cause,
  client: `c/${at % 3}`,
  node: at % 2 ? 'n1' : null,
  key: 'k',
  value: at,
});

test('keeps each with its names once, oldest first', () => {
  const { add, table } = lostWrites();
  for (const at of [3, 1, 2]) add(lost(at));
  expect(table()).toEqual({
    total: 3,
    clients: ['c/1', 'c/2', 'c/0'],
    nodes: ['n1'],
    keys: ['k'],
    causes: ['wiped'],
    rows: [
      [1, 0, 0, 0, 0, 1],
      [2, 1, -1, 0, 0, 2],
      [3, 2, 0, 0, 0, 3],
    ],
  });
});

test('of more than the limit it keeps a selection over all of them and says how many there are', () => {
  const { add, table } = lostWrites(10);
  for (let at = 0; at < 1000; at++) add(lost(at));
  const { total, rows } = table();
  expect(total).toBe(1000);
  expect(rows).toHaveLength(10);
  expect([rows[0]?.[0], rows.at(-1)?.[0]]).toEqual([0, 999]);
});
