import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../common/until.ts';
import { type TestServer, TestServers } from '../../workload/test-servers.ts';
import type { AppSettings } from '../config.ts';
import { indexKey, sessionKey } from './session-id.ts';
import { configOn, heldUp, type TestContext, testApp, testContext } from './test-sessions.ts';

const servers = new TestServers();
let redis: TestServer;
beforeAll(async () => {
  redis = await servers.redis();
});
afterAll(() => servers.end());
beforeEach(() => redis.command('FLUSHALL'));

const running: { app: FastifyInstance; context: TestContext }[] = [];
afterEach(async () => {
  for (const { app, context } of running.splice(0)) {
    await app.close();
    await context.end();
  }
});

async function appWith(
  settings: NonNullable<AppSettings['sessions']> = {},
  server: { host: string; port: number } = redis,
  rest: Partial<AppSettings> = {},
): Promise<FastifyInstance> {
  const context = testContext(configOn(server, settings, rest));
  const app = await testApp(context);
  running.push({ app, context });
  await context.ready();
  return app;
}

const login = (app: FastifyInstance, password = 'password-17', headers = {}) =>
  app.inject({ method: 'POST', url: '/login', payload: { user: 17, password }, headers });
const ask = (app: FastifyInstance, cookie: string | undefined, url = '/me', method: 'GET' | 'POST' = 'GET') =>
  app.inject({ method, url, headers: cookie === undefined ? {} : { cookie } });

async function cookieOf(app: FastifyInstance): Promise<string> {
  const [set] = [(await login(app)).headers['set-cookie']].flat();
  return String(set).split(';')[0] ?? '';
}
const idOf = (cookie: string) =>
  decodeURIComponent(cookie).replace('sid=', '').split('.').slice(0, 2).join('.');

describe('login', () => {
  test('sets a signed cookie that scripts cannot read, valid for the subdomains', async () => {
    const app = await appWith({ cookieDomain: 'example.com', cookieSecure: true });
    const answer = await login(app);
    expect([answer.statusCode, answer.json()]).toEqual([200, { user: 17 }]);
    const set = String(answer.headers['set-cookie']);
    for (const part of ['HttpOnly', 'SameSite=Lax', 'Domain=example.com', 'Secure', 'Path=/'])
      expect(set).toContain(part);
    // User, 144 bits, signature.
    expect(decodeURIComponent(set)).toMatch(/^sid=17\.[\w-]{24}\.[A-Za-z0-9+/]{43};/);
  });

  test.each([
    [{ user: 17, password: 'wrong' }, 401],
    [{ user: 4711, password: 'password-17' }, 401],
    [{ user: "17' OR 1=1 --", password: 'x' }, 400],
    [{ user: 2 ** 40, password: 'x' }, 400],
    [{ user: 17 }, 400],
    [{ user: 17, password: 'x'.repeat(2000) }, 400],
    ['[', 400],
  ])('refuses %j', async (payload, statusCode) => {
    const app = await appWith();
    const headers = { 'content-type': 'application/json' };
    const answer = await app.inject({ method: 'POST', url: '/login', headers, payload });
    expect(answer.statusCode).toBe(statusCode);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(await redis.command('DBSIZE')).toBe(0);
  });

  test('takes no id that came with the request, and ends the session that did', async () => {
    const app = await appWith();
    const before = await cookieOf(app);
    const [set] = [(await login(app, 'password-17', { cookie: before })).headers['set-cookie']].flat();
    const after = String(set).split(';')[0];
    expect(after).not.toBe(before);
    expect((await ask(app, before)).statusCode).toBe(401);
    expect((await ask(app, after)).json()).toEqual({ user: 17, visits: 1 });
  });

  test('is refused when too few replicas have it, and leaves nothing behind', async () => {
    const app = await appWith({ acknowledgedBy: 1, acknowledgeWithinMs: 20 });
    const answer = await login(app);
    expect([answer.statusCode, answer.json().error]).toEqual([503, 'unavailable']);
    expect(await redis.command('DBSIZE')).toBe(0);
  });
});

test.each(['/logout', '/logout-everywhere'])('%s that too few replicas have is not promised', async (url) => {
  const cookie = await cookieOf(await appWith());
  const app = await appWith({ acknowledgedBy: 1, acknowledgeWithinMs: 20 });
  const answer = await app.inject({ method: 'POST', url, headers: { cookie } });
  expect([answer.statusCode, answer.json().error]).toEqual([504, 'unknown-fate']);
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect((await ask(app, cookie)).statusCode).toBe(401);
});

describe('the cookie', () => {
  test('of an older secret is accepted, and sent again signed with today’s', async () => {
    const [older, newer] = ['an older secret of ours', 'today’s secret of ours'];
    const cookie = await cookieOf(await appWith({ cookieSecrets: [older] }));
    const app = await appWith({ cookieSecrets: [newer, older] });
    const answer = await ask(app, cookie);
    expect(answer.statusCode).toBe(200);
    const renewed = String(answer.headers['set-cookie']).split(';')[0] ?? '';
    expect(idOf(renewed)).toBe(idOf(cookie));
    const later = await appWith({ cookieSecrets: [newer] });
    expect((await ask(later, renewed)).statusCode).toBe(200);
    expect((await ask(later, cookie)).statusCode).toBe(401);
  });

  test.each([
    ['none', () => undefined],
    ['an unsigned one', (cookie: string) => `sid=${idOf(cookie)}`],
    ['another id under the same signature', (cookie: string) => cookie.replace('17.', '18.')],
    ['one that cannot be decoded', () => 'sid=%E0%A4%A'],
    ['an empty one', () => 'sid='],
    ['a long one', () => `sid=${'x'.repeat(8000)}`],
  ])('%s is not logged in, and costs Redis nothing', async (_, forge) => {
    const app = await appWith();
    const cookie = forge(await cookieOf(app));
    const before = await running[0]?.context.count('redis_reads');
    const answer = await ask(app, cookie);
    expect([answer.statusCode, answer.json().error]).toEqual([401, 'not-logged-in']);
    expect(await running[0]?.context.count('redis_reads')).toBe(before);
  });
});

describe.each(['plain', 'clustered'] as const)('with the %s store', (store) => {
  test('visits count, until the logout', async () => {
    const app = await appWith({ store });
    const cookie = await cookieOf(app);
    expect((await ask(app, cookie)).json()).toEqual({ user: 17, visits: 1 });
    expect((await ask(app, cookie)).json()).toEqual({ user: 17, visits: 2 });
    const logout = await ask(app, cookie, '/logout', 'POST');
    expect([logout.statusCode, String(logout.headers['set-cookie'])]).toEqual([
      204,
      expect.stringMatching(/^sid=;/),
    ]);
    expect((await ask(app, cookie)).statusCode).toBe(401);
    expect((await ask(app, cookie, '/logout', 'POST')).statusCode).toBe(204);
    expect((await ask(app, undefined, '/logout', 'POST')).statusCode).toBe(204);
  });

  test('a logout everywhere ends all sessions of the user', async () => {
    const app = await appWith({ store });
    const cookies = await Promise.all([1, 2, 3].map(() => cookieOf(app)));
    for (const cookie of cookies) expect((await ask(app, cookie)).statusCode).toBe(200);
    expect((await ask(app, cookies[0], '/logout-everywhere', 'POST')).statusCode).toBe(204);
    for (const cookie of cookies) expect((await ask(app, cookie)).statusCode).toBe(401);
    expect((await ask(app, cookies[0], '/logout-everywhere', 'POST')).statusCode).toBe(401);
    expect(await redis.command('EXISTS', indexKey(17))).toBe(0);
  });

  test.each([
    ['existing-only', 401],
    ['always', 200],
  ] as const)(
    'after a slow request beside a logout (save: %s) the session answers %i',
    async (save, status) => {
      const app = await appWith({ store, save });
      const cookie = await cookieOf(app);
      const slow = ask(app, cookie, '/me?workMs=1000');
      // So much of it is done when Redis was asked.
      const { context } = running[0] as { context: TestContext };
      await until(async () => (await context.count('redis_reads')) > 0, {
        what: 'its read',
        withinMs: 20_000,
      });
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect((await ask(app, cookie, '/logout', 'POST')).statusCode).toBe(204);
      await slow;
      expect((await ask(app, cookie)).statusCode).toBe(status);
    },
  );
});

describe('while Redis does not answer', () => {
  test('nobody is told that he is not logged in', async () => {
    const way = await heldUp(redis);
    const client = { commandTimeoutMs: 500 };
    const app = await appWith({}, way, { clients: { sessions: client } });
    const cookie = await cookieOf(app);
    way.hold();
    try {
      expect((await ask(app, cookie)).statusCode).toBe(503);
      // These may have been done.
      expect((await login(app)).statusCode).toBe(504);
      expect((await ask(app, cookie, '/logout', 'POST')).statusCode).toBe(504);
      way.end();
      await until(async () => (await ask(app, cookie, '/logout', 'POST')).statusCode === 503, {
        what: 'a logout that certainly was not done',
        withinMs: 20_000,
      });
    } finally {
      way.end();
    }
    expect(await redis.command('EXISTS', sessionKey(idOf(cookie)))).toBe(0);
  });
});
