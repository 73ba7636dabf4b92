import { expect, test } from 'vitest';
import { historyStore } from './history-store.ts';
import type { Operation } from './operation.ts';

const operation = (n: number): Operation => ({
  client: n % 2 === 0 ? 'a' : 'b',
  f: 'add',
  key: `ids:${n % 3}`,
  value: n % 5 === 0 ? null : 2 ** 52 + n,
  invoked: n + 0.125,
  completed: n + 0.5,
  outcome: n % 7 === 0 ? 'info' : 'ok',
  node: n % 7 === 0 ? null : 'redis-1',
  error: n % 7 === 0 ? 'timeout' : null,
});
const clients = ['a', 'b'].map((name) => ({ name, group: 'g', host: 'h' }));

test('gives back what went in, over more than one block', () => {
  const store = historyStore(clients);
  const all = Array.from({ length: 40_000 }, (_, n) => operation(n));
  for (const one of all) store.add(one);
  expect(store.operations.length).toBe(40_000);
  expect([...store.operations]).toEqual(all);
});

test('an operation of nobody is refused', () => {
  expect(() => historyStore(clients).add({ ...operation(1), client: 'c' })).toThrow(/expected a client/);
});

test('a client may come after the store was made', () => {
  const store = historyStore();
  store.clients.push({ name: 'a', group: 'g', host: 'h' });
  store.add(operation(2));
  expect([...store.operations][0]?.client).toBe('a');
});
