/** What users see of the application, judged by the lab's checker: each protection, and what comes without it. */
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { handwritten } from '../../checkers/handwritten.ts';
import { sessions as checker } from '../../checkers/sessions.ts';
import { until } from '../../common/until.ts';
import type { FaultWindow } from '../../history/observations.ts';
import type { Operation, Outcome } from '../../history/operation.ts';
import { type TestServer, TestServers } from '../../workload/test-servers.ts';
import type { AppSettings } from '../config.ts';
import { configOn, heldUp, type TestContext, testApp, testContext } from './test-sessions.ts';

const servers = new TestServers();
let redis: TestServer;
beforeAll(async () => {
  redis = await servers.redis();
});
afterAll(() => servers.end());
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

type Elsewhere = Parameters<typeof testContext>[1];

async function appWith(settings: NonNullable<AppSettings['sessions']>, elsewhere: Elsewhere = {}) {
  const context: TestContext = testContext(configOn(redis, settings), elsewhere);
  const app = await testApp(context);
  endings.push(
    () => context.end(),
    () => app.close(),
  );
  await context.ready();
  return { app, context };
}

/** A browser that writes down what it did, on a clock of its own. */
function user(start: number, operations: Operation[], label: string) {
  let cookie = '';
  const now = () => performance.now() - start;
  const statuses: Readonly<Record<number, Outcome>> = { 401: 'fail', 503: 'fail' };
  const act = (f: string, method: 'GET' | 'POST', path: string) => async (app: FastifyInstance) => {
    const invoked = now();
    const body = f === 'login' ? { payload: { user: 17, password: 'password-17' } } : {};
    const answer = await app.inject({ method, url: path, headers: { cookie }, ...body });
    const { statusCode } = answer;
    const ok = statusCode < 300;
    if (f === 'login' && ok) cookie = String(answer.headers['set-cookie']).split(';')[0] ?? '';
    operations.push({
      ...{ client: 'c', f, key: label, invoked, completed: now(), node: 'app', value: 17 },
      outcome: ok ? 'ok' : (statuses[statusCode] ?? 'info'),
      error: ok ? null : `http ${statusCode}`,
    });
    return statusCode;
  };
  return {
    login: act('login', 'POST', '/login'),
    visit: act('visit', 'GET', '/me'),
    slowVisit: act('visit', 'GET', '/me?workMs=1000'),
    logout: act('logout', 'POST', '/logout'),
  };
}

function judge(operations: readonly Operation[], options = {}, faults: readonly FaultWindow[] = []) {
  return checker(options).check(handwritten({ operations, seen: { durationMs: 60_000, faults } }));
}

test.each([
  ['existing-only', 'valid'],
  ['always', 'invalid'],
] as const)('a slow request beside a logout, save: %s: %s', async (save, verdict) => {
  const { app, context } = await appWith({ save });
  const operations: Operation[] = [];
  const one = user(performance.now(), operations, 's17.1');
  await one.login(app);
  const slow = one.slowVisit(app);
  await until(async () => (await context.count('redis_reads')) > 0, { what: 'its read', withinMs: 20_000 });
  await one.logout(app);
  await one.visit(app);
  await slow;
  await one.visit(app);
  const result = judge(operations);
  expect(result.verdict).toBe(verdict);
  const back = verdict === 'invalid' ? 1 : 0;
  expect(result.figures).toMatchObject({ revokedAccepted: back, resurrected: back, unexpectedLogouts: 0 });
});

test.each([
  [100, 'valid'],
  [null, 'invalid'],
] as const)('a subscription that hears nothing, pinged every %s ms: %s', async (pingEveryMs, verdict) => {
  const way = await heldUp(redis);
  endings.push(() => way.end());
  const settings = { store: 'clustered', local: { pingEveryMs } } as const;
  const [there, here] = [await appWith(settings), await appWith(settings, { revocations: way })];
  const operations: Operation[] = [];
  const one = user(performance.now(), operations, 's17.1');
  await one.login(there.app);
  await until(
    async () => {
      await one.visit(here.app);
      return (await here.context.count('local_hits')) > 1;
    },
    { what: 'local hits', withinMs: 20_000 },
  );
  way.hold();
  await one.logout(there.app);
  const from = performance.now();
  await until(async () => (await one.visit(here.app)) === 401 || performance.now() - from > 900, {
    what: 'the end of the session',
    withinMs: 20_000,
  });
  // S is twice the ping's period; the rest is for a machine that is busy.
  const result = judge(operations, { staleMs: 200 + 400 });
  expect(result.verdict).toBe(verdict);
  if (verdict === 'invalid') expect(result.figures.longestAcceptedAfterRevokeMs).toBeGreaterThan(600);
});

test('everything flushed: everybody is logged out, and told so', async () => {
  const { app } = await appWith({});
  const operations: Operation[] = [];
  const start = performance.now();
  const one = user(start, operations, 's17.1');
  await one.login(app);
  await one.visit(app);
  expect(judge(operations).verdict).toBe('valid');
  const at = performance.now() - start;
  await redis.command('FLUSHALL');
  await one.visit(app);
  const window = { injectedAt: at, provedAt: at, healedAt: at, recoveredAt: at, proof: 'empty' };
  const flush = { id: 'flush-1', name: 'flush', text: 'FLUSHALL', targets: ['p'], ...window };
  expect(judge(operations, {}, [flush])).toMatchObject({
    verdict: 'invalid',
    figures: { unexpectedLogouts: 1, byCause: { flushed: 1 } },
  });
});

test.each([
  ['primary', 'valid'],
  ['replica', 'invalid'],
] as const)('right after a login, read from the %s: %s', async (readFrom, verdict) => {
  // A replica that is not yet told of anything.
  const late = await servers.redis();
  const { app } = await appWith({ readFrom }, { replica: { host: late.host, port: late.port } });
  const operations: Operation[] = [];
  const one = user(performance.now(), operations, 's17.1');
  await one.login(app);
  await one.visit(app);
  await late.command('REPLICAOF', redis.host, String(redis.port));
  const arrived = async () => {
    const status = await one.visit(app);
    if (status !== 200) throw new Error(`${status}; ${await late.command('INFO', 'replication')}`);
    return true;
  };
  await until(arrived, { what: 'it to arrive', withinMs: 30_000, everyMs: 50 });
  const result = judge(operations);
  expect(result.verdict).toBe(verdict);
  const lagging = verdict === 'invalid' ? 1 : 0;
  expect(result.figures).toMatchObject({ unexpectedLogouts: lagging, byCause: { 'replica-lag': lagging } });
});
