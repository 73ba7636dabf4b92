/** Every part of the application on a real cluster of three primaries. */
import { Redis } from 'ioredis';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { slotOf } from '../common/key-slot.ts';
import { until } from '../common/until.ts';
import { type TestServer, thirds } from '../workload/test-servers.ts';
import type { AppSettings } from './config.ts';
import { auditMemory } from './operations/memory-audit.ts';
import { primariesOf } from './operations/primaries-of.ts';
import { servers, startTestApp, type TestApp, type TestAppOptions } from './test-app.ts';

const within = (what: string) => ({ what, withinMs: 20_000 });
/** So long that hardly any run meets the end of a window. */
const WEEK_MS = 7 * 24 * 3_600_000;
const args = ['--cluster-require-full-coverage', 'no', '--maxmemory-policy', 'noeviction'];

let nodes: TestServer[];
beforeAll(async () => {
  // No shard of these is to fail over.
  nodes = await servers.cluster({ args, nodeTimeoutMs: 60_000 });
}, 40_000);

/** An instance whose roles all live on a cluster, when it is ready. */
async function instance(settings: AppSettings = {}, options: TestAppOptions = {}, on = nodes) {
  const cluster = { kind: 'cluster' as const, nodes: on.map(({ host, port }) => ({ host, port })) };
  const redis = { sessions: cluster, cache: cluster, limits: cluster, jobs: cluster };
  // Nobody who answers late on a busy machine is to count as away.
  const patient = { commandTimeoutMs: 5000 };
  const clients = { sessions: patient, cache: patient, limits: patient, jobs: patient };
  const app = await startTestApp({ clients, ...settings, redis }, options);
  onTestFinished(() => app.app.close());
  if (settings.database !== undefined || options.database) await until(() => ready(app), within('readiness'));
  return app;
}

const ready = async (app: TestApp) => (await app.request('GET', '/ready')).status === 200;

/** Which of the three has a key. */
const shardOf = (key: string) => thirds.findIndex(([from, to]) => from <= slotOf(key) && slotOf(key) <= to);

const windowed = { limit: 3, windowMs: 60_000 };
const bucket = { capacity: 3, perSecond: 0.01 };
const policies = {
  'fixed-window': { algorithm: 'fixed-window' as const, ...windowed, windowMs: WEEK_MS },
  'sliding-log': { algorithm: 'sliding-log' as const, ...windowed },
  'sliding-counter': { algorithm: 'sliding-counter' as const, ...windowed },
  'token-bucket': { algorithm: 'token-bucket' as const, ...bucket },
  'leaky-bucket': { algorithm: 'leaky-bucket' as const, ...bucket },
};

const limited = (app: TestApp, policy: string, client: string) =>
  app.request('GET', `/limited/${policy}`, undefined, { 'x-client': client });

test('every limiter counts each client in its shard, from the first request on', async () => {
  const app = await instance({ limits: { policies } }, { database: true });
  for (const policy of Object.keys(policies)) {
    const clients = Array.from({ length: 9 }, (_, i) => `c${i}`);
    expect(new Set(clients.map((client) => shardOf(`limit:{${policy}/${client}}:x`))).size).toBe(3);
    for (const client of clients) {
      const answers = [];
      for (let i = 0; i < 4; i++) answers.push(await limited(app, policy, client));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
      expect(new Set(answers.map(({ headers }) => headers.get('x-decided-by')))).toEqual(new Set(['redis']));
    }
  }
});

test('a shard that is silent decides nothing for its clients, and the others’ are counted all the same', async () => {
  const own = await servers.cluster({ args, nodeTimeoutMs: 60_000 });
  const policy = { algorithm: 'fixed-window' as const, limit: 1000, windowMs: WEEK_MS };
  const settings = { clients: { limits: { commandTimeoutMs: 1000 } }, limits: { policies: { p: policy } } };
  const app = await instance(settings, { database: true }, own);
  const clients = Array.from({ length: 30 }, (_, i) => ({
    name: `c${i}`,
    shard: shardOf(`limit:{p/c${i}}:fw`),
  }));
  const decided = async () =>
    Promise.all(
      clients.map(async ({ name, shard }) => {
        const by = (await limited(app, 'p', name)).headers.get('x-decided-by');
        return { shard, by };
      }),
    );
  // A busy machine may need more than one try.
  await until(async () => (await decided()).every(({ by }) => by === 'redis'), within('Redis to decide'));
  own[0]?.process.kill('SIGSTOP');
  for (let round = 0; round < 5; round++)
    for (const { shard, by } of await decided())
      expect([shard, by]).toEqual([shard, shard === 0 ? 'local' : 'redis']);
  expect(await app.app.context.metrics.getSingleMetricAsString('app_limit_redis_away')).toMatch(/ 1$/m);
  // One shard that is away is no reason to send users to another instance.
  expect(await ready(app)).toBe(true);
  own[0]?.process.kill('SIGCONT');
});

test('orders go through the queue, whose keys are all in one slot', async () => {
  const app = await instance({}, { database: true });
  for (let id = 1; id <= 10; id++) {
    const answer = await app.request('POST', '/orders', { id, product: 3 });
    expect(await answer.json()).toEqual({ id, how: 'queued' });
  }
  const processed = () => app.database.query('look', 'SELECT order_id FROM ledger');
  await until(async () => (await processed()).length === 10, within('ten orders'));
  for (const [shard, node] of nodes.entries()) {
    const keys = (await node.command('KEYS', '{jobs}*')) as string[];
    if (shard === shardOf('{jobs}')) expect(keys.length).toBeGreaterThan(1);
    else expect(keys).toEqual([]);
  }
});

test('conversations are kept hot', async () => {
  const app = await instance({}, { database: true });
  for (let conversation = 1; conversation <= 6; conversation++) {
    const path = `/conversations/${conversation}`;
    await app.request('POST', `${path}/turns`, { turn: 1, text: 'hello' });
    expect(await (await app.request('GET', path)).json()).toEqual({
      turns: [{ turn: 1, text: 'hello' }],
      from: 'hot',
    });
  }
});

test.each(['pubsub', 'sharded'] as const)(
  'local tiers of the cache hear of writes elsewhere: %s',
  async (invalidation) => {
    for (const node of nodes) await node.command('FLUSHALL');
    const cache = { invalidation, local: { entries: 100, ttlMs: 60_000 } };
    const first = await instance({ cache, instance: 'app-1' }, { database: true });
    const second = await instance({ cache, instance: 'app-2', database: first.settings.database ?? {} });
    const view = async (id: number) => {
      const answer = await second.request('GET', `/products/${id}`);
      return {
        source: answer.headers.get('x-cache'),
        version: ((await answer.json()) as { version: number }).version,
      };
    };
    for (let id = 1; id <= 6; id++) {
      await until(async () => (await view(id)).source === 'local', within('the local tier'));
      expect((await first.request('PUT', `/products/${id}`, { priceCents: 5 })).status).toBe(200);
      await until(async () => (await view(id)).version === 2, within('the news'));
    }
  },
);

test('an audit looks at the keys of every primary', async () => {
  for (const node of nodes) await node.command('FLUSHALL');
  for (let user = 1; user <= 30; user++) {
    const key = `sessions:{${user}}`;
    await nodes[shardOf(key)]?.command('SET', key, 'x', 'EX', 60);
  }
  const [first] = nodes as [TestServer];
  const redis = new Redis(first.port, first.host);
  const primaries = await primariesOf(redis);
  onTestFinished(() => {
    for (const one of [redis, ...primaries]) one.disconnect();
  });
  expect(primaries).toHaveLength(3);
  const audit = await auditMemory(primaries);
  expect(audit).toMatchObject({ keys: 30, owners: [{ owner: 'sessions', keys: 30, withoutTtl: 0 }] });
  expect(audit.server.policy).toBe('noeviction');
  const alone = await auditMemory([redis]);
  expect(alone.keys).toBeLessThan(30);
  expect(alone.server.usedBytes).toBeLessThan(audit.server.usedBytes);
});

test('an audit of a cluster that does not name an owner of every slot is refused', async () => {
  const node = await servers.clusterNode(1000, []);
  const redis = new Redis(node.port, node.host);
  onTestFinished(() => redis.disconnect());
  await expect(primariesOf(redis)).rejects.toThrow(
    'expected owners of all 16384 slots of the cluster, got those of 0',
  );
});

test('unready without any node, whatever the others are', async () => {
  const own = await servers.cluster({ args });
  const app = await instance({}, { database: true }, own);
  for (const { process } of own) process.kill('SIGKILL');
  const reasons = async () => {
    const { reasons = {} } = (await (await app.request('GET', '/ready')).json()) as {
      reasons?: Record<string, string>;
    };
    return Object.keys(reasons);
  };
  await until(
    async () => !(await ready(app)) && (await reasons()).includes('sessions'),
    within('it to be unready'),
  );
});
