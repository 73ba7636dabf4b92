import { expect } from 'vitest';
import { until } from '../common/until.ts';
import type { TestClients } from './test-clients.ts';
import type { TestServer } from './test-servers.ts';

/**
 * For tests: redis-4, the replica of redis-1, takes over while clients add to the sets of that shard. They follow it, their
 * history says so, and it has whatever they were told is stored.
 */
export async function expectToFollow(clients: TestClients, heir: TestServer): Promise<void> {
  await clients.oks(100);
  await heir.command('CLUSTER', 'FAILOVER');
  await until(() => clients.operations().some((op) => op.node === 'redis-4' && op.outcome === 'ok'), {
    ...{ what: 'an add that redis-4 has done', withinMs: 30_000 },
  });
  await clients.stopped();
  const operations = clients.operations();
  const oks = operations.filter((op) => op.outcome === 'ok');
  expect(new Set(oks.map((op) => op.node))).toEqual(new Set(['redis-1', 'redis-4']));
  expect(oks.some((op) => op.node === 'redis-4' && (op.redirects ?? 0) > 0)).toBe(true);
  const keys = [...new Set(operations.map((op) => op.key))];
  const members = await Promise.all(keys.map((key) => heir.command('SMEMBERS', key)));
  const final = new Set((members as string[][]).flat().map(Number));
  expect(oks.filter((op) => !final.has(op.value ?? -1))).toEqual([]);
}
