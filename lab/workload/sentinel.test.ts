import { afterAll, beforeAll, expect, test } from 'vitest';
import { sleep } from '../common/clock.ts';
import { until } from '../common/until.ts';
import { addToSet, versionedRegisters } from './spec.ts';
import { TestClients } from './test-clients.ts';
import { type TestServer, TestServers } from './test-servers.ts';
import type { RedisWorkload } from './workload.ts';

let servers: TestServers;
let sentinel: TestServer;
let nodes: Record<string, string>;

beforeAll(async () => {
  servers = new TestServers();
  const primary = await servers.redis();
  const replica = await servers.redis('--replicaof', primary.host, String(primary.port));
  nodes = { [primary.address]: 'redis-1', [replica.address]: 'redis-2' };
  sentinel = await servers.sentinel(primary);
  const known = async () => JSON.stringify(await sentinel.command('SENTINEL', 'REPLICAS', 'lab'));
  await until(async () => /"master-link-status","ok"/.test(await known()), {
    what: 'a Sentinel that knows its replica',
    withinMs: 30_000,
  });
}, 60_000);
afterAll(() => servers.end());

function clientsOf(workload: RedisWorkload): TestClients {
  return new TestClients(servers, workload, { sentinels: [sentinel], group: 'lab' }, { nodes });
}

test('writes go to the primary, reads to a replica, under one client', async () => {
  const clients = await clientsOf(
    versionedRegisters({ name: 'regs', clients: 2, readFrom: 'replica' }),
  ).started();
  await clients.oks(200);
  await clients.stopped();
  const nodesOf = (f: string) =>
    new Set(
      clients
        .operations()
        .filter((op) => op.f === f)
        .map((op) => op.node),
    );
  expect(nodesOf('write')).toEqual(new Set(['redis-1']));
  expect(nodesOf('read')).toEqual(new Set(['redis-2']));
});

test('after a failover the detector leads the clients to the new primary, and the record says so', async () => {
  const redis = {
    failoverDetector: true,
    retryDelay: { minMs: 20, maxMs: 100 },
    reconnectOnError: { codes: ['READONLY'], action: 'reconnect' as const },
  };
  const clients = await clientsOf(
    addToSet({ name: 'ids', clients: 2, redis, rate: { perSecond: 500 } }),
  ).started();
  await clients.oks(100);
  await sleep(200);
  // It refuses as long as it has not heard from the replica just now.
  await until(() => sentinel.command('SENTINEL', 'FAILOVER', 'lab'), {
    what: 'the failover to begin',
    withinMs: 20_000,
  });
  await until(() => clients.operations().some((op) => op.node === 'redis-2' && op.outcome === 'ok'), {
    what: 'an operation that redis-2 has done',
    withinMs: 30_000,
  });
  await clients.stopped();
  const oks = clients.operations().filter((op) => op.outcome === 'ok');
  const switchedAt = Math.min(...oks.filter((op) => op.node === 'redis-2').map((op) => op.completed));
  expect(oks.filter((op) => op.node === 'redis-1' && op.completed < switchedAt).length).toBeGreaterThan(90);
  const ids = clients.operations().map((op) => op.value);
  expect(new Set(ids).size).toBe(ids.length);
}, 90_000);
