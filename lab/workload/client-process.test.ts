import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sleep } from '../common/clock.ts';
import { until } from '../common/until.ts';
import type { Operation } from '../history/operation.ts';
import { finalRead } from './final-read.ts';
import { addToSet, counters, versionedRegisters } from './spec.ts';
import { TestClients } from './test-clients.ts';
import { type TestServer, TestServers } from './test-servers.ts';
import type { RedisWorkload } from './workload.ts';

let servers: TestServers;
let redis: TestServer;

beforeEach(async () => {
  servers = new TestServers();
  redis = await servers.redis();
});
afterEach(() => servers.end());

function clientsOf(workload: RedisWorkload): TestClients {
  return new TestClients(servers, workload, redis, { nodes: { [redis.address]: 'redis-1' } });
}

const only = (operations: Operation[], outcome: string) => operations.filter((op) => op.outcome === outcome);

/** Every id of a client from 0 on is there once: nothing that was issued is missing, nothing is recorded twice. */
function expectEveryIdOnce(operations: Operation[], clients: number): void {
  for (let client = 0; client < clients; client++) {
    const mine = operations.filter((op) => op.client === `c-${client}`);
    const sequence = mine.map((op) => (op.value ?? Number.NaN) - client * 2 ** 32).sort((a, b) => a - b);
    expect(sequence).toEqual(mine.map((_, i) => i));
  }
}

describe('undisturbed', () => {
  test('a set: unique ids, and the final read finds exactly what was acknowledged', async () => {
    const workload = addToSet({ name: 'ids', clients: 3, inFlight: 4, keys: 2 });
    const clients = await clientsOf(workload).started();
    await clients.oks(2000);
    expect(await clients.stopped()).toBe(0);
    const operations = clients.operations();
    expectEveryIdOnce(operations, 3);
    for (const op of operations) {
      expect(op).toMatchObject({ f: 'add', outcome: 'ok', node: 'redis-1', error: null });
      expect(op.completed).toBeGreaterThanOrEqual(op.invoked);
    }
    const done = await clients.line('done');
    expect(done).toMatchObject({ ok: operations.length, fail: 0, info: 0, byError: {} });
    const reads = await finalRead(workload, {
      ...redis,
      node: 'redis-1',
      startOfRunMs: clients.startOfRunMs,
    });
    expect(reads.map((read) => read.key)).toEqual(['ids:0', 'ids:1']);
    for (const read of reads) {
      const added = operations.filter((op) => op.key === read.key).map((op) => op.value);
      expect(new Set(read.values)).toEqual(new Set(added));
    }
  });

  test('registers: one writer a key, versions without gaps, reads that see what was written', async () => {
    const workload = versionedRegisters({ name: 'regs', clients: 3, keys: 5, readShare: 0.5 });
    const clients = await clientsOf(workload).started();
    await clients.oks(1000);
    await clients.stopped();
    const operations = clients.operations();
    const finals = await finalRead(workload, {
      ...redis,
      node: 'redis-1',
      startOfRunMs: clients.startOfRunMs,
    });
    for (let k = 0; k < 5; k++) {
      const writes = operations.filter((op) => op.f === 'write' && op.key === `regs:${k}`);
      expect(new Set(writes.map((op) => op.client))).toEqual(new Set([`c-${k % 3}`]));
      expect(writes.map((op) => op.value)).toEqual(writes.map((_, i) => i + 1));
      expect(finals[k]?.values).toEqual([writes.length]);
    }
    const reads = operations.filter((op) => op.f === 'read');
    expect(reads.length / operations.length).toBeGreaterThan(0.4);
    expect(reads.length / operations.length).toBeLessThan(0.6);
    expect(reads.filter((op) => op.value !== null).length).toBeGreaterThan(reads.length * 0.8);
  });

  test('counters: the final value is the number of acknowledged increments', async () => {
    const workload = counters({ name: 'hits', clients: 2 });
    const clients = await clientsOf(workload).started();
    await clients.oks(500);
    await clients.stopped();
    const operations = clients.operations();
    const [final] = await finalRead(workload, {
      ...redis,
      node: 'redis-1',
      startOfRunMs: clients.startOfRunMs,
    });
    expect(final).toMatchObject({ subject: 'counter', values: [operations.length] });
    expect(operations.map((op) => op.value).sort((a, b) => Number(a) - Number(b))).toEqual(
      operations.map((_, i) => i + 1),
    );
  });
});

describe('disturbed', () => {
  test('a stopped server and commandTimeout: info, timeout', async () => {
    const workload = addToSet({ name: 'w', clients: 2, redis: { commandTimeout: 100 } });
    const clients = await clientsOf(workload).started();
    await clients.oks(50);
    redis.process.kill('SIGSTOP');
    await sleep(400);
    redis.process.kill('SIGCONT');
    await clients.stopped();
    const operations = clients.operations();
    expectEveryIdOnce(operations, 2);
    const infos = only(operations, 'info');
    expect(infos.length).toBeGreaterThanOrEqual(2);
    for (const op of infos) expect(op).toMatchObject({ error: 'timeout', node: null });
    expect(only(operations, 'fail')).toEqual([]);
    // And rightly so: what the client had given up was done when the server went on.
    const [final] = await finalRead(workload, {
      ...redis,
      node: 'redis-1',
      startOfRunMs: clients.startOfRunMs,
    });
    expect(infos.filter((op) => final?.values.includes(op.value ?? -1)).length).toBeGreaterThanOrEqual(2);
  });

  test('open loop: the schedule is kept while answers stall, and the stall shows in the latencies', async () => {
    const workload = addToSet({ name: 'w', clients: 2, rate: { perSecond: 200 } });
    const clients = await clientsOf(workload).started();
    await clients.oks(20);
    redis.process.kill('SIGSTOP');
    const stalledAt = clients.now();
    await sleep(600);
    const wokenAt = clients.now();
    redis.process.kill('SIGCONT');
    await sleep(200);
    await clients.stopped();
    const operations = clients.operations().sort((a, b) => a.invoked - b.invoked);
    expectEveryIdOnce(operations, 2);
    operations.slice(1).forEach((op, i) => {
      expect(op.invoked - (operations[i]?.invoked ?? 0)).toBeCloseTo(5, 2);
    });
    const during = operations.filter((op) => op.invoked > stalledAt && op.invoked < wokenAt);
    expect(during.length).toBeGreaterThan(110);
    expect(Math.max(...during.map((op) => op.completed - op.invoked))).toBeGreaterThan(550);
  });

  test('a server that has become a replica: READONLY, fail, by that node', async () => {
    const clients = await clientsOf(addToSet({ name: 'w', clients: 2 })).started();
    await clients.oks(50);
    const refusedAt = clients.now();
    await redis.command('REPLICAOF', '127.0.0.1', '1');
    await sleep(250);
    await clients.stopped();
    const operations = clients.operations();
    expectEveryIdOnce(operations, 2);
    const failed = only(operations, 'fail');
    expect(failed.length).toBeGreaterThan(5);
    for (const op of failed) expect(op).toMatchObject({ error: 'READONLY', node: 'redis-1' });
    expect(only(operations, 'info')).toEqual([]);
    // Two clients with a pause of 10 ms after each error do not spin.
    expect(failed.length).toBeLessThan(20 + (2 * (clients.now() - refusedAt)) / 10);
  });

  test('a killed server: every operation that was issued is recorded, the open ones as info', async () => {
    const clients = await clientsOf(addToSet({ name: 'w', clients: 4, inFlight: 8 })).started();
    await clients.oks(500);
    redis.process.kill('SIGKILL');
    await sleep(200);
    expect(await clients.stopped(100)).toBe(0);
    const operations = clients.operations();
    expectEveryIdOnce(operations, 4);
    const open = operations.filter((op) => op.error === 'open-at-end');
    expect(open).toHaveLength(32);
    for (const op of open) expect(op).toMatchObject({ outcome: 'info', node: null });
  });

  test('a killed server without an offline queue: certain failures once nothing can be sent', async () => {
    const options = { enableOfflineQueue: false, maxRetriesPerRequest: 0 };
    const clients = await clientsOf(addToSet({ name: 'w', clients: 2, redis: options })).started();
    await clients.oks(50);
    redis.process.kill('SIGKILL');
    await sleep(200);
    await clients.stopped(100);
    const operations = clients.operations();
    expectEveryIdOnce(operations, 2);
    const byError = Object.groupBy(only(operations, 'fail'), (op) => op.error ?? '');
    expect(Object.keys(byError)).toEqual(['not-connected']);
    // What was under way at the kill may have been done.
    for (const op of only(operations, 'info')) expect(op.error).toBe('max-retries');
    expect(only(operations, 'info')).toHaveLength(2);
  });
});

describe('WAIT', () => {
  test('without replicas: info, wait-too-few, by the node that holds the write', async () => {
    const workload = addToSet({ name: 'w', clients: 2, wait: { replicas: 1, timeoutMs: 20 } });
    const clients = await clientsOf(workload).started();
    await until(() => clients.operations().length > 2, { what: 'some operations', withinMs: 20_000 });
    await clients.stopped();
    const operations = clients.operations();
    for (const op of operations)
      expect(op).toMatchObject({ outcome: 'info', error: 'wait-too-few', node: 'redis-1' });
  });

  test('with a replica: ok; on another connection than the write: info, connection-changed', async () => {
    const replica = await servers.redis('--replicaof', redis.host, String(redis.port));
    const online = async () => String(await redis.command('INFO', 'replication')).includes('state=online');
    await until(online, { what: 'the replica', withinMs: 30_000 });
    const workload = addToSet({ name: 'w', clients: 1, wait: { replicas: 1, timeoutMs: 5000 } });
    const clients = await clientsOf(workload).started();
    await clients.oks(1);
    replica.process.kill('SIGSTOP');
    await sleep(100);
    const stoppedAt = clients.now();
    await redis.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    // Time to reconnect and to send WAIT again; the answer then comes from the new connection, and is "enough".
    await sleep(500);
    const awakeAt = clients.now();
    replica.process.kill('SIGCONT');
    await until(() => clients.operations().some((op) => op.completed > awakeAt + 50), {
      what: 'operations after the replica is back',
      withinMs: 20_000,
    });
    await clients.stopped(0);
    const operations = clients.operations();
    expectEveryIdOnce(operations, 1);
    const acrossTheKill = operations.filter((op) => op.invoked < stoppedAt && op.completed > awakeAt);
    expect(acrossTheKill.map((op) => [op.outcome, op.error])).toEqual([['info', 'connection-changed']]);
    expect(
      operations.filter((op) => op.invoked > awakeAt && op.outcome !== 'ok' && op.error !== 'open-at-end'),
    ).toEqual([]);
  });
});

describe('the process', () => {
  test('ends when stdin closes, with what it knows on disk', async () => {
    const clients = await clientsOf(addToSet({ name: 'w', clients: 2 })).started();
    await clients.oks(50);
    const closedAt = clients.now();
    clients.process.stdin?.end();
    expect(await clients.exited()).toBe(1);
    // It would go on for ever.
    expect(clients.now() - closedAt).toBeLessThan(15_000);
    expectEveryIdOnce(clients.operations(), 2);
  });

  test('flushes on SIGTERM', async () => {
    const clients = await clientsOf(addToSet({ name: 'w', clients: 2 })).started();
    await clients.oks(50);
    clients.process.kill('SIGTERM');
    expect(await clients.exited()).toBe(0);
    const operations = clients.operations();
    expectEveryIdOnce(operations, 2);
    const done = await clients.line('done');
    expect(done.ok + done.fail + done.info).toBe(operations.length);
  });

  test('says why when it cannot connect', async () => {
    redis.process.kill('SIGKILL');
    const clients = clientsOf(addToSet({ name: 'w', redis: { retryDelay: null } }));
    expect((await clients.line('error')).message).toMatch(/ECONNREFUSED/);
    expect(await clients.exited()).toBe(3);
  });

  test('says why when it cannot write', async () => {
    const full = new TestClients(servers, addToSet({ name: 'full' }), redis, { historyFile: '/dev/full' });
    await full.started();
    expect((await full.line('error')).message).toMatch(/no space left/);
    expect(await full.exited()).toBe(3);
  });

  test('readFrom replica needs Sentinels', async () => {
    const clients = clientsOf(versionedRegisters({ name: 'w', readFrom: 'replica' }));
    expect((await clients.line('error')).message).toMatch(/needs a topology with Sentinels/);
    expect(await clients.exited()).toBe(3);
  });
});
