import { afterAll, beforeAll, expect, test } from 'vitest';
import { monotonicMs } from '../common/clock.ts';
import { finalRead } from './final-read.ts';
import { addToSet, counters, versionedRegisters } from './spec.ts';
import { type TestServer, TestServers } from './test-servers.ts';

let servers: TestServers;
let redis: TestServer;
const startOfRunMs = monotonicMs();
const read = (workload: Parameters<typeof finalRead>[0]) =>
  finalRead(workload, { ...redis, node: 'redis-1', startOfRunMs });

beforeAll(async () => {
  servers = new TestServers();
  redis = await servers.redis();
});
afterAll(() => servers.end());

test('every member of a set that takes many scans, once; and nothing of a key that is not there', async () => {
  const ids = Array.from({ length: 20_000 }, (_, i) => 2 ** 40 + i);
  await redis.command('SADD', 'ids:0', ...ids);
  const [first, second] = await read(addToSet({ name: 'ids', keys: 2 }));
  expect(first).toMatchObject({ subject: 'set', key: 'ids:0', node: 'redis-1' });
  expect([...(first?.values ?? [])].sort((a, b) => a - b)).toEqual(ids);
  expect(first?.at).toBeGreaterThan(0);
  expect(second).toMatchObject({ key: 'ids:1', values: [] });
});

test('registers and counters: one value, or none', async () => {
  await redis.command('SET', 'regs:1', 17);
  await redis.command('SET', 'hits:0', 3);
  const registers = await read(versionedRegisters({ name: 'regs', keys: 2 }));
  expect(registers.map(({ subject, values }) => [subject, values])).toEqual([
    ['register', []],
    ['register', [17]],
  ]);
  expect(await read(counters({ name: 'hits' }))).toMatchObject([{ subject: 'counter', values: [3] }]);
});

test('what the workload cannot have written is an error that says where', async () => {
  await redis.command('SET', 'odd:0', 'abc');
  await redis.command('LPUSH', 'list:0', 1);
  await expect(read(counters({ name: 'odd' }))).rejects.toThrow(
    /workload "odd" from redis-1 .* expected a whole number in odd:0, got "abc"/,
  );
  await expect(read(addToSet({ name: 'list' }))).rejects.toThrow(/WRONGTYPE/);
});

test('a node that does not answer is an error that says so', async () => {
  const gone = await servers.redis();
  gone.process.kill('SIGSTOP');
  const options = { ...gone, node: 'redis-9', startOfRunMs, timeoutMs: 200 };
  await expect(finalRead(addToSet({ name: 'ids' }), options)).rejects.toThrow(/from redis-9 .* timed out/);
  gone.process.kill('SIGKILL');
  await expect(finalRead(addToSet({ name: 'ids' }), options)).rejects.toThrow(
    /from redis-9 .*(ECONNREFUSED|ECONNRESET|closed)/,
  );
});
