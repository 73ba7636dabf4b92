import { Redis, type RedisOptions } from 'ioredis';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { TestServers } from '../../workload/test-servers.ts';
import { waitingCommands } from './waiting-commands.ts';

const servers = new TestServers();
afterAll(() => servers.end());

/** A connection to a Redis of this test file, or to another port. */
async function connected(options: RedisOptions & { replyMapping?: never } = {}): Promise<Redis> {
  const { port, host } = await servers.redis();
  const redis = new Redis({ host, port, ...options });
  redis.on('error', () => {});
  onTestFinished(() => redis.disconnect());
  return redis;
}

test('commands that were sent and not answered are counted, those that were given up too', async () => {
  const redis = await connected({ commandTimeout: 500 });
  await redis.ping();
  expect(waitingCommands(redis)).toBe(0);
  await redis.client('PAUSE', 60_000);
  const outcomes = await Promise.allSettled([redis.get('a'), redis.get('b'), redis.get('c')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(waitingCommands(redis)).toBe(3);
});

test('so are those that wait for a connection, until they are given up', async () => {
  const redis = await connected({ lazyConnect: true, port: 1, retryStrategy: () => 60_000 });
  const waiting = Promise.allSettled([redis.get('a'), redis.get('b')]);
  expect(waitingCommands(redis)).toBe(2);
  redis.disconnect();
  await waiting;
  expect(waitingCommands(redis)).toBe(0);
});
