import { once } from 'node:events';
import { request as send } from 'node:http';
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from './test-app.ts';

let one: TestApp;
beforeAll(async () => {
  const policies = { fixed: { algorithm: 'fixed-window' as const, limit: 3, windowMs: 60_000 } };
  one = await startTestApp({ bodyLimitBytes: 2048, limits: { policies } }, { database: true });
}, 30_000);

// Whatever was sent, the instance serves the next one.
afterEach(async () => {
  expect((await one.request('GET', '/products/1')).status).toBe(200);
});

/** An answer in the contract's shape, without anything of the inside. */
async function refusal(answer: Response, status: number): Promise<void> {
  const text = await answer.text();
  expect({ status: answer.status, text }).toMatchObject({ status });
  expect(text).not.toMatch(/node_modules|\.ts\b|at .*:\d+:\d+|SELECT|syntax error|FST_|ioredis|ECONN/);
  const body = JSON.parse(text);
  expect(Object.keys(body).sort()).toEqual(['error', 'message']);
  expect(answer.headers.get('x-instance')).toBe('app');
}

describe('bodies', () => {
  const post = (path: string, body: string, type = 'application/json') =>
    fetch(one.url + path, { method: 'POST', headers: { 'content-type': type }, body });

  test.each([
    ['no JSON', '{"user": 17', 400],
    ['nothing', '', 400],
    ['a list', '[]', 400],
    ['null', 'null', 400],
    ['no password', '{"user": 1}', 400],
    ['a user that is a text', '{"user": "1 OR 1=1", "password": "x"}', 400],
    ['a user that is an object', '{"user": {"$gt": 0}, "password": "x"}', 400],
    ['a huge user', '{"user": 1e300, "password": "x"}', 400],
    ['a polluted prototype', '{"__proto__": {"user": 1}, "user": 1, "password": "x"}', 400],
    ['SQL in the password', `{"user": 1, "password": "' OR '1'='1"}`, 401],
    ['too much', `{"user": 1, "password": "${'x'.repeat(4000)}"}`, 413],
  ])('%s', async (_, body, status) => refusal(await post('/login', body), status));

  test('other content types', async () => {
    await refusal(
      await post('/login', 'user=1&password=password-1', 'application/x-www-form-urlencoded'),
      415,
    );
    await refusal(await post('/login', '<a/>', 'text/xml'), 415);
    await refusal(await post('/login', 'x', 'no type at all'), 415);
  });
});

describe('addresses', () => {
  test.each([
    '/products/-1',
    '/products/1.5',
    '/products/1e99',
    '/products/99999999999999999999',
    "/products/1'%3B%20DROP%20TABLE%20products%3B--",
    '/products/%7B1%7D',
    '/products/1%0d%0aSET%20x%201',
    '/products/%00',
    '/products/%E0%A4%A',
    `/products/${'9'.repeat(500)}`,
    '/orders/-1%20OR%201',
    '/conversations/%7B%7D',
    '/limited/no-such-policy',
    '/../../etc/passwd',
    '/internal/fills?after=-1',
    '/internal/fills?after=x',
  ])('%s', async (path) => {
    const answer = await fetch(one.url + path);
    expect([400, 401, 404, 414]).toContain(answer.status);
    await refusal(answer, answer.status);
  });

  test('wrong methods say which are right', async () => {
    for (const [method, path] of [
      ['DELETE', '/products/1'],
      ['GET', '/login'],
      ['POST', '/me'],
    ] as const) {
      const answer = await one.request(method, path);
      expect(answer.headers.get('allow')).toMatch(/[A-Z]{3,}/);
      await refusal(answer, 405);
    }
  });
});

describe('cookies', () => {
  test.each([
    'sid=',
    'sid=1',
    `sid=1.${'A'.repeat(24)}`,
    `sid=1.${'A'.repeat(24)}.${'B'.repeat(43)}`,
    `sid=${'%'.repeat(50)}`,
    'sid=s%3A%00%01.%7B%7D',
    'sid=*; sid={}; sid=__proto__',
    `sid=${'x'.repeat(6000)}`,
    ';;;===;;',
  ])('%s', async (cookie) => refusal(await one.request('GET', '/me', undefined, { cookie }), 401));

  test('a real one with one character changed', async () => {
    const login = await one.request('POST', '/login', { user: 1, password: 'password-1' });
    const cookie = (login.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
    expect((await one.request('GET', '/me', undefined, { cookie })).status).toBe(200);
    for (const at of [5, 12, cookie.length - 5]) {
      const other = cookie[at] === 'A' ? 'B' : 'A';
      const forged = cookie.slice(0, at) + other + cookie.slice(at + 1);
      await refusal(await one.request('GET', '/me', undefined, { cookie: forged }), 401);
    }
  });
});

describe('headers', () => {
  test('huge ones', async () => {
    await refusal(await one.request('GET', '/health', undefined, { 'x-big': 'y'.repeat(40_000) }), 431);
  });

  test('what is no HTTP', async () => {
    const { port, hostname } = new URL(one.url);
    const socket = connect(Number(port), hostname);
    socket.end('*1\r\n$8\r\nFLUSHALL\r\n');
    const [chunk] = await once(socket, 'data');
    expect(String(chunk)).toMatch(/^HTTP\/1\.1 400 /);
    socket.destroy();
  });

  test('rate-limit keys of any kind are one client each, and leave no key without a TTL', async () => {
    const keys = ['{', '}{', 'a b', '"', "'; --", '\u00ff\u00fe', '*', 'k'.repeat(5000), '__proto__'];
    for (const key of keys) {
      const answer = await one.request('GET', '/limited/fixed', undefined, { 'x-client': key });
      expect([200, 400]).toContain(answer.status);
    }
    for await (const found of one.redis.scanStream({ match: 'limit:*' }))
      for (const key of found as string[]) {
        expect(key.length).toBeLessThan(300);
        expect(await one.redis.pttl(key)).toBeGreaterThan(0);
      }
  });

  test('a request that stops in the middle of its body', async () => {
    const headers = { 'content-type': 'application/json', 'content-length': 1000 };
    const request = send(`${one.url}/login`, { method: 'POST', headers });
    request.on('error', () => {});
    request.write('{"user": 1');
    await once(request, 'socket');
    request.destroy();
  });
});

test('with Redis away, 12,000 distinct rate-limit keys do not grow what the instance keeps', async () => {
  const policies = { fixed: { algorithm: 'fixed-window' as const, limit: 3, windowMs: 60_000 } };
  const away = { kind: 'single' as const, host: '127.0.0.1', port: 9 };
  const limited = await startTestApp({
    limits: { policies, whenAway: 'local', localEntries: 1000 },
    redis: { limits: away },
  });
  const ask = async (n: number) => {
    const answer = await limited.app.server.inject({
      url: '/limited/fixed',
      headers: { 'x-client': `c${n}` },
    });
    expect([answer.statusCode, answer.headers['x-decided-by']]).toEqual([200, 'local']);
    // Requests that never touch a socket never let the event loop turn, and then each one's objects stay.
    if (n % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  };
  for (let n = 0; n < 4000; n += 1) await ask(n);
  const before = collectedHeapBytes();
  for (let n = 4000; n < 12_000; n += 1) await ask(n);
  const bytesPerKey = (collectedHeapBytes() - before) / 8000;
  // A counter that is kept costs some hundred bytes.
  expect(bytesPerKey).toBeLessThan(100);
}, 60_000);

function collectedHeapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}
