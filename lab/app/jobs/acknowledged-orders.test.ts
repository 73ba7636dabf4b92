import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../common/until.ts';
import type { TestServer } from '../../workload/test-servers.ts';
import type { AppSettings } from '../config.ts';
import { validateConfig } from '../config.ts';
import { createApp } from '../server.ts';
import { servers, startTestApp, type TestApp } from '../test-app.ts';
import { replicasAsked } from './replicas-asked.ts';

let primary: TestServer;
let replica: TestServer;
const clients: Redis[] = [];
const single = ({ host, port }: TestServer) => ({ kind: 'single' as const, host, port });

beforeAll(async () => {
  primary = await servers.redis();
  replica = await servers.redis('--replicaof', primary.host, String(primary.port));
  await until(async () => String(await primary.command('ROLE')).includes(String(replica.port)), {
    what: 'the replica',
    withinMs: 20_000,
  });
});
afterAll(() => {
  for (const client of clients) client.disconnect();
});

/** Orders one thing of an instance without a worker: only a request can have done it then. */
async function order(jobs: NonNullable<AppSettings['jobs']>, id: number) {
  const settings = { redis: { jobs: single(primary) }, jobs: { worker: false, ...jobs } };
  const app: TestApp = await startTestApp(settings, { database: true });
  await until(async () => (await app.request('GET', '/ready')).status === 200, {
    what: 'ready',
    withinMs: 20_000,
  });
  const answer = await app.request('POST', '/orders', { id, product: 17 });
  const { length } = await app.database.query('ledger', 'SELECT 1 FROM ledger');
  return { status: answer.status, ...((await answer.json()) as { how?: string }), processed: length };
}

describe('an order counts as queued when replicas have it', () => {
  test('enough of them: it is queued', async () => {
    expect(await order({ acknowledgedBy: 1 }, 1)).toMatchObject({ how: 'queued', processed: 0 });
    // The file's first database is made here.
  }, 60_000);

  test('too few of them: the request does it, though the queue may have it', async () => {
    expect(await order({ acknowledgedBy: 2 }, 2)).toMatchObject({ how: 'inline', processed: 1 });
  });

  test('too few, without the safety valve: nobody knows', async () => {
    const answer = await order({ acknowledgedBy: 2, whenAway: 'fail' }, 3);
    expect(answer).toMatchObject({ status: 504, processed: 0 });
  });

  test('switched off: one that no replica has counts as queued', async () => {
    expect(await order({ acknowledgedBy: 0 }, 4)).toMatchObject({ how: 'queued', processed: 0 });
  });
});

const connect = () => {
  const client = new Redis(primary.port, primary.host);
  clients.push(client);
  return client;
};

test('those who ask at the same time share a question', async () => {
  const redis = connect();
  const asked = replicasAsked(redis, 1, 1000);
  const before = Number(/cmdstat_wait:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0);
  // Answers to writes may come one by one on a busy machine; what is asked is asked at once.
  const written = Array.from({ length: 20 }, async (_, i) => {
    const ask = asked();
    await redis.set(`key-${i}`, 1);
    return ask;
  });
  const answers = (await Promise.all(written)).map((ask) => ask());
  expect(await Promise.all(answers)).toEqual(Array.from({ length: 20 }, () => true));
  const after = Number(/cmdstat_wait:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1]);
  // The first asks for itself, the others together.
  expect(after - before).toBe(2);
});

test('an answer over another connection than the write counts as no', async () => {
  const redis = connect();
  const asked = replicasAsked(redis, 1, 1000);
  await redis.set('key', 1);
  const ask = asked();
  await redis.set('key', 2);
  redis.disconnect(true);
  await until(async () => redis.status === 'ready', { what: 'the reconnect', withinMs: 20_000 });
  expect(await redis.wait(1, 1000)).toBe(1);
  expect(await ask()).toBe(false);
});

test('a cluster is refused', async () => {
  const jobs = { kind: 'cluster' as const, nodes: [{ host: primary.host, port: primary.port }] };
  const one = single(primary);
  const config = validateConfig({
    listen: { port: 0 },
    logLevel: 'error',
    database: { url: 'postgres://127.0.0.1:9/none' },
    redis: { sessions: one, cache: one, limits: one, jobs },
    jobs: { acknowledgedBy: 1, worker: false },
  });
  await expect(createApp(config)).rejects.toThrow('jobs.acknowledgedBy: expected 0');
});
