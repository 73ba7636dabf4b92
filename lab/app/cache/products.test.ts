import { once } from 'node:events';
import { Client } from 'pg';
import { afterEach, expect, test } from 'vitest';
import { until } from '../../common/until.ts';
import type { AppSettings } from '../config.ts';
import { servers, startTestApp, type TestApp, testRedis } from '../test-app.ts';

type CacheSettings = NonNullable<AppSettings['cache']>;

const within = (what: string) => ({ what, withinMs: 20_000 });

const running: TestApp[] = [];

// PostgreSQL has connections for a few instances, not for all of this file's.
afterEach(async () => {
  await Promise.all(running.splice(0).map(({ app }) => app.close()));
});

const started: typeof startTestApp = async (...args) => {
  const app = await startTestApp(...args);
  running.push(app);
  await until(async () => (await app.request('GET', '/ready')).status === 200, within('readiness'));
  return app;
};

/** Two instances on one database and one Redis that holds nothing. */
async function quickPair(cache: CacheSettings): Promise<[TestApp, TestApp]> {
  await (await testRedis()).command('FLUSHALL');
  const first = await started(
    { instance: 'app-1', cache, database: { connectTimeoutMs: 20_000 } },
    { database: true },
  );
  return [first, await started({ ...first.settings, instance: 'app-2' })];
}

interface Held {
  apps: [TestApp, TestApp];
  /** From now on fills wait at the database, until the result is called. */
  hold(): Promise<() => Promise<void>>;
}

/** The same, with fills that can be held up, at the instances of these names. */
async function heldPair(cache: CacheSettings, held = 'app-1 app-2'): Promise<Held> {
  // Nobody who waits here is to be given up as slow.
  const apps = await quickPair({ readTimeoutMs: 20_000, ...cache });
  const { database, settings } = apps[0];
  await database.query('rename', 'ALTER TABLE products RENAME TO shelf');
  const name = "current_setting('application_name')";
  await database.query(
    'held-view',
    `CREATE VIEW products AS SELECT id, version, name, price_cents FROM shelf
     WHERE CASE WHEN position(${name} in '${held}') > 0 THEN pg_advisory_xact_lock_shared(1) IS NOT NULL ELSE true END`,
  );
  return {
    apps,
    async hold() {
      const client = new Client(settings.database?.url);
      await client.connect();
      await client.query('SELECT pg_advisory_lock(1)');
      // With the connection the lock ends.
      return () => client.end();
    },
  };
}

/** How many fills are being held up. */
const heldFills = async ({ database }: TestApp) =>
  (
    await database.query(
      'look',
      "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'",
    )
  ).length;

async function readsOf({ app }: TestApp, statement = 'product-by-id'): Promise<number> {
  const text = await app.context.metrics.getSingleMetricAsString('app_database_queries_total');
  return Number(new RegExp(`statement="${statement}".*? (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
}

async function view({ request }: TestApp, id = 1) {
  const response = await request('GET', `/products/${id}`);
  const body = (await response.json()) as { version: number; priceCents: number };
  return { status: response.status, source: response.headers.get('x-cache'), ...body };
}

async function update({ request }: TestApp, priceCents: number, id = 1): Promise<number> {
  const response = await request('PUT', `/products/${id}`, { priceCents });
  expect(response.status).toBe(200);
  return ((await response.json()) as { version: number }).version;
}

/** How many requests found nothing in the cache. */
async function missesOf({ app }: TestApp): Promise<number> {
  const text = await app.context.metrics.getSingleMetricAsString('app_cache_misses_total');
  return Number(/^app_cache_misses_total.* (\d+)$/m.exec(text)?.[1] ?? 0);
}

/**
 * 200 requests at once for one key that is not in the cache; the first fill ends when all of them have missed it and
 * `before` has resolved.
 */
async function stampede(cache: CacheSettings, before = async (_answered: () => number) => {}) {
  const { apps, hold } = await heldPair({ leaseMs: 60_000, ...cache });
  const release = await hold();
  let answered = 0;
  const asked = Promise.all(
    Array.from({ length: 200 }, async (_, i) => {
      const answer = await view(apps[i % 2 ? 1 : 0]);
      answered++;
      return answer;
    }),
  );
  const missed = async () => (await missesOf(apps[0])) + (await missesOf(apps[1]));
  await until(async () => (await missed()) === 200, within('everybody to miss it'));
  await before(() => answered);
  await release();
  const statuses = (await asked).map(({ status }) => status);
  return { queries: (await readsOf(apps[0])) + (await readsOf(apps[1])), statuses };
}

const all = (status: number, count = 200) => Array<number>(count).fill(status);

test('a cold key under 200 requests at two instances is one database query', async () => {
  expect(await stampede({})).toEqual({ queries: 1, statuses: all(200) });
});

test('without the lease each instance fills for itself', async () => {
  expect(await stampede({ leaseMs: null })).toEqual({ queries: 2, statuses: all(200) });
});

test('without coalescing the lease alone makes it one', async () => {
  expect(await stampede({ coalesce: false })).toEqual({ queries: 1, statuses: all(200) });
});

test('with nothing against it every request is a database query', async () => {
  const none: CacheSettings = {
    coalesce: false,
    leaseMs: null,
    staleMs: 0,
    maxFills: null,
    jitter: 0,
    guardFills: false,
  };
  expect(await stampede(none)).toEqual({ queries: 200, statuses: all(200) });
});

test('a cap with nothing else refuses what finds no place in time', async () => {
  const cap: CacheSettings = { coalesce: false, leaseMs: null, maxFills: 2, fillWaitMs: 250 };
  const refused = (answered: () => number) => until(() => answered() === 196, within('the others'));
  const { queries, statuses } = await stampede(cap, async (answered) => void (await refused(answered)));
  expect(statuses.toSorted()).toEqual([...all(200, 4), ...all(503, 196)]);
  expect(queries).toBe(4);
});

test('an expired value is served while one request refreshes it', async () => {
  const { apps, hold } = await heldPair({ ttlMs: 1500, jitter: 0, staleMs: 60_000 });
  const [first, second] = apps;
  expect((await view(first)).source).toBe('fill');
  expect((await view(second)).source).toBe('hit');
  const release = await hold();
  await until(async () => (await view(second)).source === 'stale', within('the value to expire'));
  await until(async () => (await heldFills(first)) === 1, within('the refresh to be under way'));
  for (const app of apps) expect((await view(app)).source).toBe('stale');
  expect(await heldFills(first)).toBe(1);
  await release();
  await until(async () => (await view(first)).source === 'hit', within('the refresh'));
});

/** The database is read before an update and answers after it; the version that the next one is shown. */
async function overtakenFill(guardFills: boolean): Promise<number> {
  const { apps, hold } = await heldPair({ guardFills, staleMs: 0 }, 'app-1');
  const [first, second] = apps;
  const release = await hold();
  const slow = view(first);
  await until(async () => (await heldFills(first)) === 1, within('the fill'));
  expect(await update(second, 1234)).toBe(2);
  await release();
  expect((await slow).version).toBe(1);
  return (await view(second)).version;
}

test('a fill that an invalidation overtook is not kept; without the guard it stays until its TTL', async () => {
  expect(await overtakenFill(true)).toBe(2);
  expect(await overtakenFill(false)).toBe(1);
});

test.each(['aside', 'write-through', 'write-behind'] as const)(
  '%s: the other instance sees a write',
  async (strategy) => {
    const [first, second] = await quickPair({ strategy });
    expect((await view(second)).version).toBe(1);
    expect(await update(first, 1234)).toBe(2);
    expect(await view(second)).toMatchObject({ version: 2, priceCents: 1234 });
    expect((await view(second)).source).toBe('hit');
    const stored = async () =>
      (
        await first.database.query<{ version: number }>('look', 'SELECT version FROM products WHERE id = 1')
      )[0];
    await until(async () => (await stored())?.version === 2, within('the database to have it'));
    expect((await first.request('PUT', '/products/999', { priceCents: 1 })).status).toBe(404);
  },
);

test('concurrent writes are counted each, whatever the strategy', async () => {
  for (const strategy of ['aside', 'write-through', 'write-behind'] as const) {
    const apps = await quickPair({ strategy });
    const versions = await Promise.all(
      Array.from({ length: 40 }, (_, i) => update(apps[i % 2 ? 1 : 0], 100 + i)),
    );
    expect(versions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i + 2));
    expect((await view(apps[0])).version).toBe(41);
  }
});

test('local tiers hear of writes elsewhere; without the events they stay as they are', async () => {
  const local = { entries: 100, ttlMs: 60_000 };
  for (const invalidationEvents of [true, false]) {
    const [first, second] = await quickPair({ local, invalidationEvents });
    await until(async () => (await view(second)).source === 'local', within('the local tier'));
    await update(first, 1234);
    if (invalidationEvents) await until(async () => (await view(second)).version === 2, within('the news'));
    else expect(await view(second)).toMatchObject({ version: 1, source: 'local' });
  }
});

test('a local tier that missed news trusts nothing from before', async () => {
  for (const flushAfterGap of [true, false]) {
    const [, second] = await quickPair({ local: { entries: 100, ttlMs: 60_000, flushAfterGap } });
    await until(async () => (await view(second)).source === 'local', within('the local tier'));
    const { redis } = second;
    const others = (await redis.client('LIST')) as string;
    const id = /id=(\d+) .*name=app-2:cache:cache-subscriber/.exec(others)?.[1];
    await redis.client('KILL', 'ID', Number(id));
    if (flushAfterGap) await until(async () => (await view(second)).source === 'hit', within('distrust'));
    else expect((await view(second)).source).toBe('local');
  }
});

test('write-behind: what waits in an instance’s memory nobody else can write, what waits in the stream another does', async () => {
  for (const buffer of ['memory', 'stream'] as const) {
    // The first instance never flushes by itself; the second is the other that may.
    const never = { strategy: 'write-behind' as const, writeBehind: { buffer, flushEveryMs: 3_600_000 } };
    const [first] = await quickPair(never);
    await update(first, 1234);
    const stored = async () =>
      (
        await first.database.query<{ version: number }>('look', 'SELECT version FROM products WHERE id = 1')
      )[0]?.version;
    expect(await stored()).toBe(1);
    const other = await started({
      ...first.settings,
      instance: 'app-3',
      cache: { strategy: 'write-behind', writeBehind: { buffer, flushEveryMs: 20 } },
    });
    if (buffer === 'stream') await until(async () => (await stored()) === 2, within('the other instance'));
    else {
      await update(other, 99, 2);
      await until(
        async () =>
          (await other.database.query('look-2', 'SELECT 1 FROM products WHERE id = 2 AND version = 2'))
            .length === 1,
        within('a flush'),
      );
      expect(await stored()).toBe(1);
    }
  }
});

test('entries that another instance read and never finished are claimed', async () => {
  const [first] = await quickPair({
    strategy: 'write-behind',
    writeBehind: { flushEveryMs: 20, claimAfterMs: 50 },
  });
  const { redis } = first;
  await redis.xgroup('CREATE', 'cache:writes', 'database', '0', 'MKSTREAM').catch(() => {});
  const add = redis.multi().xadd('cache:writes', '*', 'id', 3, 'version', 7, 'priceCents', 5);
  await add.xreadgroup('GROUP', 'database', 'dead', 'COUNT', 10, 'STREAMS', 'cache:writes', '>').exec();
  await until(
    async () =>
      (await first.database.query('look', 'SELECT 1 FROM products WHERE id = 3 AND version = 7')).length ===
      1,
    within('the claim'),
  );
  await until(async () => (await redis.xlen('cache:writes')) === 0, within('the stream to be empty'));
});

test('without Redis the database answers; the local tier serves old values once the breaker is open', async () => {
  const server = await servers.redis();
  const cache = { kind: 'single' as const, host: server.host, port: server.port };
  const local = { entries: 10, ttlMs: 60_000 };
  const redis = { cache } as AppSettings['redis'] & object;
  const app = await started(
    { redis, cache: { local, breaker: { failures: 2, openMs: 60_000 } } },
    { database: true },
  );
  await until(async () => (await view(app)).source === 'local', within('the local tier'));
  server.process.kill('SIGKILL');
  await once(server.process, 'exit');
  await until(async () => (await view(app, 2)).source === 'bypass', within('a bypass'));
  for (let i = 0; i < 4; i++) await view(app, 3 + i);
  expect(await view(app)).toMatchObject({ status: 200, source: 'stale', version: 1 });
  expect(await app.app.context.metrics.metrics()).toMatch(/app_cache_breaker_state\{.*\} 2/);
});

test('a Redis that does not answer costs its read timeout, then the breaker spares even that', async () => {
  const server = await servers.redis();
  const cache = { kind: 'single' as const, host: server.host, port: server.port };
  const redis = { cache } as AppSettings['redis'] & object;
  const app = await started(
    { redis, cache: { breaker: { failures: 2, openMs: 60_000 } } },
    { database: true },
  );
  await until(async () => (await view(app)).source === 'hit', within('a hit'));
  server.process.kill('SIGSTOP');
  const timed = async (id: number) => {
    const from = performance.now();
    expect((await view(app, id)).source).toBe('bypass');
    return performance.now() - from;
  };
  expect(await timed(1)).toBeGreaterThan(190);
  await timed(2);
  // Each of them takes its time on a busy machine, but not all of them the cache's.
  const spared = [await timed(3), await timed(4), await timed(5), await timed(6)];
  expect(Math.min(...spared)).toBeLessThan(150);
  server.process.kill('SIGCONT');
});

test('what is no product is 404, what is no price 400', async () => {
  const app = await started({}, { database: true });
  for (const id of ['0', '-1', 'x', '99999999999', '1%27%3B--', '1e3', '21'])
    expect((await app.request('GET', `/products/${id}`)).status, id).toBe(404);
  for (const body of [{}, { priceCents: -1 }, { priceCents: '1' }, { priceCents: 1.5 }, null, []])
    expect((await app.request('PUT', '/products/1', body)).status).toBe(400);
});
