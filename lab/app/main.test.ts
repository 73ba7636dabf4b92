import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { until } from '../common/until.ts';
import type { AppSettings } from './config.ts';
import { emptyDatabase, servers, startTestApp, testRedis } from './test-app.ts';

const MAIN = join(import.meta.dirname, 'main.ts');
const started: ChildProcess[] = [];
let files = 0;

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** A process of its own, with what it wrote. */
function start(settings: unknown, env: Record<string, string> = {}) {
  files += 1;
  const file = join(servers.dir, `app-${files}.json`);
  writeFileSync(file, JSON.stringify(settings));
  const child = spawn(process.execPath, [MAIN, file], { env: { ...process.env, ...env } });
  started.push(child);
  const result = {
    child,
    output: '',
    exited: once(child, 'exit').then(([code]) => code as number | null),
    /** Where it listens, when it does; it says so. */
    port: () =>
      until(() => /"url":"http:\/\/127\.0\.0\.1:(\d+)"/.exec(result.output)?.[1], {
        what: 'the instance to listen',
        withinMs: 30_000,
      }),
  };
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      result.output += chunk;
    });
  return result;
}

const nowhere = { kind: 'single' as const, host: '127.0.0.1', port: 9 };

function settingsOf(redis: { port: number }, settings: AppSettings = {}): AppSettings {
  const one = { kind: 'single' as const, host: '127.0.0.1', port: redis.port };
  return {
    listen: { port: 0 },
    database: { url: 'postgres://postgres:hunter2@127.0.0.1:9/x' },
    ...settings,
    redis: { sessions: one, cache: one, limits: one, jobs: one, ...settings.redis },
  };
}

async function readiness(port: string): Promise<{
  status: number;
  reasons: Record<string, string>;
  degraded: Record<string, string>;
}> {
  const answer = await fetch(`http://127.0.0.1:${port}/ready`);
  return { status: answer.status, ...JSON.parse(await answer.text()) };
}

test('a wrong configuration ends with 2 and names the field', async () => {
  const wrong = start({ database: { url: 'postgres://x' }, redis: {}, listen: { prot: 1 } });
  expect(await wrong.exited).toBe(2);
  expect(wrong.output).toMatch(/^listen\.prot: unknown field; did you mean "port"\?\n$/);
});

test('SIGTERM: what is under way is finished, nothing new is accepted, and it ends with 0', async () => {
  const settings = settingsOf(await testRedis(), { database: { url: await emptyDatabase() } });
  // Another instance makes the tables and logs the user in.
  const { request } = await startTestApp(
    { database: settings.database ?? {}, redis: settings.redis ?? {} },
    {},
  ).then(async (app) => {
    const { seed } = await import('./database/seed.ts');
    await seed(app.database, { users: 1, products: 1 });
    return app;
  });
  const login = await request('POST', '/login', { user: 1, password: 'password-1' });
  const cookie = (login.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';

  const { child, exited, port: listens } = start(settings);
  const port = await listens();
  await until(async () => (await readiness(port)).status === 200, { what: 'ready', withinMs: 20_000 });
  const slow = fetch(`http://127.0.0.1:${port}/me?workMs=2000`, { headers: { cookie } });
  await until(async () => (await inFlight(port)) >= 1, { what: 'the request to arrive', withinMs: 20_000 });
  child.kill('SIGTERM');
  await until(
    () =>
      fetch(`http://127.0.0.1:${port}/health`, { headers: { connection: 'close' } }).then(
        () => false,
        () => true,
      ),
    { what: 'the port to close', withinMs: 20_000 },
  );
  expect((await slow).status).toBe(200);
  expect(await exited).toBe(0);
}, 60_000);

/** Requests that one process has read from its sockets and not answered, besides this one. */
async function inFlight(port: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(/app_requests_in_flight\{[^}]*\} (\d+)/.exec(text)?.[1]) - 1;
}

test('starts without any Redis and without a database, says why it is not ready, and logs no secret', async () => {
  const redis = {
    sessions: { ...nowhere, password: 'hunter2' },
    cache: nowhere,
    limits: nowhere,
    jobs: nowhere,
  };
  const settings = settingsOf({ port: 9 }, { redis });
  const started = start(settings);
  const { child, exited } = started;
  const port = await started.port();
  const state = await readiness(port);
  expect(state.status).toBe(503);
  expect(Object.keys(state.reasons)).toEqual(expect.arrayContaining(['database', 'sessions']));
  expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
  // It did log: that it could not reach what these passwords are for.
  expect(started.output).toContain('redis connection failed');
  expect(started.output).not.toContain('hunter2');
}, 60_000);

test('the cache away: ready and degraded where it fails soft, not ready where it does not', async () => {
  const url = await emptyDatabase();
  const redis = await testRedis();
  const away = { redis: { cache: nowhere }, database: { url }, clients: { cache: { connectTimeoutMs: 1 } } };
  const starting = [
    start(settingsOf(redis, away)),
    start(settingsOf(redis, { ...away, cache: { readTimeoutMs: null } })),
  ];
  const [soft, hard] = (await Promise.all(starting.map(({ port }) => port()))) as [string, string];
  const ready = { what: 'ready', withinMs: 20_000 };
  const state = await until(async () => {
    const answer = await readiness(soft);
    return answer.status === 200 && answer;
  }, ready);
  expect(Object.keys(state.degraded)).toContain('redis-cache');
  await until(async () => {
    const { status, reasons } = await readiness(hard);
    return status === 503 && Object.keys(reasons).join() === 'redis-cache';
  }, ready);
}, 60_000);

test('Redis killed under it: it lives, is unready, and comes back by itself', async () => {
  const redis = await servers.redis();
  const { child, port: listens } = start(settingsOf(redis, { database: { url: await emptyDatabase() } }));
  const port = await listens();
  const is = (status: number) =>
    until(async () => (await readiness(port)).status === status, { what: `${status}`, withinMs: 20_000 });
  await is(200);
  redis.process.kill('SIGKILL');
  await is(503);
  expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
  expect(child.exitCode).toBe(null);
  const args = ['--port', String(redis.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  servers.track(spawn(redis.process.spawnfile, args, { cwd: servers.dir, stdio: 'ignore' }));
  await is(200);
}, 60_000);
