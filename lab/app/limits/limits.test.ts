import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, test } from 'vitest';
import { until } from '../../common/until.ts';
import type { AppSettings } from '../config.ts';
import { servers, startTestApp, testRedis } from '../test-app.ts';

type Limits = NonNullable<AppSettings['limits']>;

const policies = {
  few: { algorithm: 'sliding-log' as const, limit: 3, windowMs: 60_000 },
  // Hardly any run meets the end of a window.
  fixed: { algorithm: 'fixed-window' as const, limit: 3, windowMs: 7 * 24 * 3_600_000 },
};

const launch = (limits: Limits = {}, more: AppSettings = {}) =>
  startTestApp({ ...more, limits: { policies, ...limits } });

/** Launched, and connected to the Redis of the limits. */
async function start(limits: Limits = {}, more: AppSettings = {}) {
  const app = await launch(limits, more);
  const checks = async () => (await app.request('GET', '/ready')).text();
  await until(async () => !(await checks()).includes('redis.limits'), { what: 'Redis', withinMs: 20_000 });
  return app;
}

type TestApp = Awaited<ReturnType<typeof launch>>;

const ask = (app: TestApp, client: string, policy = 'few') =>
  app.request('GET', `/limited/${policy}`, undefined, { 'x-client': client });

/** A busy machine may need more than one try. */
const decidedByRedis = (app: TestApp) =>
  until(async () => (await ask(app, `warm-${Math.random()}`)).headers.get('x-decided-by') === 'redis', {
    what: 'Redis to decide',
    withinMs: 20_000,
  });

/** Statuses of so many requests, one after the other. */
async function statuses(app: TestApp, count: number, client: string, policy = 'few'): Promise<number[]> {
  const all = [];
  for (let i = 0; i < count; i++) all.push((await ask(app, client, policy)).status);
  return all;
}

const metric = async (app: TestApp, pattern: RegExp) =>
  pattern.exec(await app.app.context.metrics.metrics())?.[1] ?? null;

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const each of cleanUp.splice(0)) each();
});

/** A Redis that is away: it accepts, and is then stopped until the test ends. */
async function stopped() {
  const server = await servers.redis();
  return {
    server,
    stop: () => {
      server.process.kill('SIGSTOP');
      cleanUp.push(() => server.process.kill('SIGCONT'));
    },
  };
}

const at = ({ host, port }: { host: string; port: number }): AppSettings => ({
  redis: { limits: { kind: 'single', host, port } },
});

describe('GET /limited/<policy>', () => {
  test('admits the limit, with the headers of the standard, and then refuses', async () => {
    const app = await start();
    const before = Date.now();
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await ask(app, 'headers'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    const [first, , , last] = answers.map(({ headers }) => headers);
    expect(first?.get('ratelimit-policy')).toBe('"few";q=3;w=60');
    // A busy machine may need a second or two for them.
    expect(first?.get('ratelimit')).toMatch(/^"few";r=2;t=(60|59)$/);
    expect(first?.get('retry-after')).toBeNull();
    expect(first?.get('x-decided-by')).toBe('redis');
    expect(first?.get('x-decided-at')).toMatch(/^\d{13}\.\d{3}$/);
    expect(Number(first?.get('x-decided-at'))).toBeGreaterThan(before - 1000);
    expect(last?.get('ratelimit')).toMatch(/^"few";r=0;t=(60|5\d)$/);
    expect(last?.get('retry-after')).toMatch(/^(60|5\d)$/);
    expect(await answers[3]?.json()).toMatchObject({ error: 'too-many-requests' });
    expect(
      await metric(app, /app_limit_decisions_total{policy="few",result="admitted",by="redis",.*} (\d+)/),
    ).toBe('3');
    expect((await ask(app, 'x', 'nope')).status).toBe(404);
    expect((await ask(app, 'x', 'constructor')).status).toBe(404);
  });

  test('several instances count together', async () => {
    const [one, two] = [await start(), await start()];
    expect(await statuses(one, 2, 'together')).toEqual([200, 200]);
    expect(await statuses(two, 2, 'together')).toEqual([200, 429]);
  });

  test('hostile keys are counted apart and stay small in Redis', async () => {
    const app = await start();
    for (const client of [
      '{}',
      '}{',
      '{few/a}',
      'a\tb',
      "'; FLUSHALL --",
      'x'.repeat(6000),
      'sha256:00',
      '%00',
    ])
      expect(await statuses(app, 4, client)).toEqual([200, 200, 200, 429]);
    const keys = await app.redis.keys('limit:*');
    expect(Math.max(...keys.map((key) => key.length))).toBeLessThan(180);
    for (const key of keys) expect(await app.redis.pttl(key)).toBeGreaterThan(0);
  });
});

test('POST /login is guarded by the policy `login`, for each user', async () => {
  const app = await startTestApp({ limits: { policies: { login: policies.few } } }, { database: true });
  await until(async () => (await app.request('GET', '/ready')).ok, { what: 'readiness', withinMs: 20_000 });
  const login = async (user: number) =>
    (await app.request('POST', '/login', { user, password: 'wrong' })).status;
  const first = [await login(1), await login(1), await login(1)];
  expect(first).not.toContain(429);
  expect(await login(1)).toBe(429);
  expect(await login(2)).not.toBe(429);
});

describe('while Redis is away', () => {
  const wait = { clients: { limits: { commandTimeoutMs: 100 } } };

  test.each([
    ['open', [200, 200, 200, 200, 200, 200]],
    ['closed', [429, 429, 429, 429, 429, 429]],
    ['local', [200, 429, 429, 429, 429, 429]],
  ] as const)('%s: %j under a limit of 3', async (whenAway, expected) => {
    const { server, stop } = await stopped();
    const app = await start({ whenAway }, { ...at(server), ...wait });
    await decidedByRedis(app);
    stop();
    expect(await statuses(app, 6, 'k')).toEqual(expected);
    const answer = await ask(app, 'k');
    expect(answer.headers.get('x-decided-by')).toBe(whenAway);
    expect(await metric(app, /app_limit_redis_away{.*} (\d)/)).toBe('1');
    server.process.kill('SIGCONT');
    await decidedByRedis(app);
  });

  test('not every request waits for the timeout', async () => {
    const { server, stop } = await stopped();
    const app = await start({}, { ...at(server), ...wait });
    await decidedByRedis(app);
    stop();
    const from = performance.now();
    await statuses(app, 60, 'k');
    // One after the other they would take 6 s.
    expect(performance.now() - from).toBeLessThan(3000);
  });

  test('of more keys than localEntries the oldest are forgotten', async () => {
    const app = await start({ localEntries: 100, whenAway: 'local' }, at({ host: '127.0.0.1', port: 1 }));
    for (let i = 0; i < 300; i++) expect((await ask(app, `many-${i}`)).status).toBe(200);
    // The first has been pushed out, and begins anew; the last is still counted.
    expect((await ask(app, 'many-0')).status).toBe(200);
    expect((await ask(app, 'many-299')).status).toBe(429);
  });
});

describe('acknowledgedBy', () => {
  test('refuses what no replica has, and admits what one has', async () => {
    const primary = await servers.redis();
    const hasty = await start({ acknowledgedBy: 1, acknowledgeWithinMs: 100 }, at(primary));
    const alone = await ask(hasty, 'a');
    expect(alone.status).toBe(429);
    expect(alone.headers.get('x-decided-by')).toBe('closed');
    const replica = await servers.redis('--replicaof', primary.host, String(primary.port));
    await until(async () => String(await replica.command('INFO', 'replication')).includes('link_status:up'), {
      what: 'the replica',
      withinMs: 20_000,
    });
    // An answer that is late on a busy machine is no refusal.
    const app = await start({ acknowledgedBy: 1, acknowledgeWithinMs: 10_000 }, at(primary));
    await until(async () => (await ask(app, `b-${Math.random()}`)).status === 200, {
      what: 'an acknowledged admission',
      withinMs: 20_000,
    });
    expect(
      await Promise.all(Array.from({ length: 10 }, () => ask(app, 'c'))).then(
        (all) => all.filter(({ status }) => status === 200).length,
      ),
    ).toBe(3);
    replica.process.kill('SIGSTOP');
    cleanUp.push(() => replica.process.kill('SIGCONT'));
    expect((await ask(hasty, 'd')).status).toBe(429);
    // Without it the same is let in, and a failover would forget it.
    expect((await ask(await start({}, at(primary)), 'd')).status).toBe(200);
  });
});

describe('what the switches are worth', () => {
  test('atomic: a counter always has a TTL; in two steps, cut off between them, it blocks for ever', async () => {
    const { host, port } = await testRedis();
    const redis = new Redis(port, host);
    cleanUp.push(() => redis.disconnect());
    await redis.acl('SETUSER', 'default', '-pexpire');
    try {
      expect(await statuses(await start({ whenAway: 'closed' }), 4, 'ttl', 'fixed')).toEqual([
        200, 200, 200, 429,
      ]);
      for (const key of await redis.keys('limit:{fixed/ttl}*'))
        expect(await redis.pttl(key)).toBeGreaterThan(0);
      await ask(await start({ atomic: false, whenAway: 'closed' }), 'steps', 'fixed');
      expect(await redis.pttl('limit:{fixed/steps}:two-step')).toBe(-1);
    } finally {
      await redis.acl('SETUSER', 'default', '+pexpire');
    }
  });

  test('resend: a decision whose answer was lost counts once; sent again, it counts twice', async () => {
    const lost = async (resend: boolean) => {
      const redis = await servers.redis();
      const proxy = await losingProxy(redis.port);
      const app = await start({ resend, whenAway: 'open' }, at({ host: '127.0.0.1', port: proxy.port }));
      await decidedByRedis(app);
      proxy.loseNextAnswer();
      expect((await ask(app, 'k')).status).toBe(200);
      // Connected again: what was to be sent again has been.
      await decidedByRedis(app);
      return Number(await redis.command('LLEN', 'limit:{few/k}:sl'));
    };
    expect(await lost(false)).toBe(1);
    expect(await lost(true)).toBe(2);
  });
});

/** Leads to a Redis; asked to, it lets the next command through, and breaks the connection instead of handing on the answer. */
async function losingProxy(to: number) {
  let loses = false;
  const server = createServer((client) => {
    const upstream = connect(to, '127.0.0.1');
    client.pipe(upstream);
    upstream.on('data', (answer) => {
      if (!loses) return client.write(answer);
      loses = false;
      client.resetAndDestroy();
      return upstream.destroy();
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on('error', () => {}).on('close', () => other.destroy());
  }).listen(0, '127.0.0.1');
  cleanUp.push(() => server.close());
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    loseNextAnswer: () => {
      loses = true;
    },
  };
}
