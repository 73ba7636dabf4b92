import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { conversations } from '../../checkers/conversations.ts';
import { until } from '../../common/until.ts';
import { historyStore } from '../../history/history-store.ts';
import type { TestServer } from '../../workload/test-servers.ts';
import type { AppSettings } from '../config.ts';
import { servers, startTestApp, type TestApp } from '../test-app.ts';

type Settings = NonNullable<AppSettings['conversations']>;

interface Recall {
  turns: { turn: number; text: string }[];
  from: string;
}

/** An instance whose sessions' Redis, where conversations live, is its own. */
async function start(settings: Settings = {}, database?: string) {
  const redis = await servers.redis();
  const { host, port } = redis;
  const app = await startTestApp(
    {
      conversations: settings,
      redis: { sessions: { kind: 'single', host, port } },
      ...(database !== undefined && { database: { url: database } }),
    },
    { database: database === undefined },
  );
  const away = database === undefined ? [] : ['database'];
  const unready = async () => {
    const answer = await app.request('GET', '/ready');
    return answer.ok ? [] : Object.keys(((await answer.json()) as { reasons: object }).reasons);
  };
  await until(async () => (await unready()).join() === away.join(), { what: 'ready', withinMs: 20_000 });
  return { app, redis };
}

const say = (app: TestApp, turn: number, rest: object = {}, id = 5) =>
  app.request('POST', `/conversations/${id}/turns`, { turn, text: `text ${turn}`, ...rest });
const sayTo = async (app: TestApp, last: number, first = 1) => {
  for (let turn = first; turn <= last; turn++) expect((await say(app, turn)).status).toBe(200);
};
const recall = async (app: TestApp, query = '') => {
  const answer = await app.request('GET', `/conversations/5${query}`);
  const { turns, from } = (await answer.json()) as Recall;
  return { turns: turns.map(({ turn }) => turn), from, degraded: answer.headers.get('x-degraded') };
};
const persisted = (app: TestApp, count: number) =>
  until(
    async () => {
      const rows = await app.database.query('look', 'SELECT turn FROM turns WHERE conversation = 5');
      return rows.length === count;
    },
    { what: `${count} persisted turns`, withinMs: 20_000 },
  );
const kill = async ({ process }: TestServer) => {
  process.kill('SIGKILL');
  await once(process, 'exit');
};
const oneTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1);

test('the last turns are in Redis, older ones in PostgreSQL, and reading merges them', async () => {
  const { app, redis } = await start({ hotTurns: 5, persistEveryTurns: 3 });
  await sayTo(app, 12);
  await persisted(app, 12);
  await until(async () => (await redis.command('ZCARD', 'conversation:{5}:turns')) === 5, {
    what: 'the trim',
    withinMs: 20_000,
  });
  expect(await redis.command('ZCARD', 'conversation:{5}:unpersisted')).toBe(0);
  expect(await recall(app)).toEqual({ turns: oneTo(12), from: 'both', degraded: null });
  expect(await recall(app, '?last=3')).toEqual({ turns: [10, 11, 12], from: 'hot', degraded: null });
  expect(await recall(app, '?last=7')).toMatchObject({ turns: [6, 7, 8, 9, 10, 11, 12], from: 'both' });
});

test('what is not in PostgreSQL yet is not trimmed', async () => {
  const { app, redis } = await start({ hotTurns: 2, persistEveryTurns: 10 });
  await sayTo(app, 9);
  expect(await redis.command('ZCARD', 'conversation:{5}:turns')).toBe(9);
  expect(await recall(app)).toMatchObject({ turns: oneTo(9), from: 'hot' });
});

test('a turn that is said again is kept once, as it was said first', async () => {
  const { app } = await start({ persistEveryTurns: 2 });
  await say(app, 1);
  await say(app, 1, { text: 'another' });
  await say(app, 2);
  await persisted(app, 2);
  await say(app, 1, { text: 'a third' });
  const { turns } = (await (await app.request('GET', '/conversations/5')).json()) as Recall;
  expect(turns).toEqual([
    { turn: 1, text: 'text 1' },
    { turn: 2, text: 'text 2' },
  ]);
});

test('what Redis has lost is put back from PostgreSQL', async () => {
  const { app, redis } = await start({ hotTurns: 4, persistEveryTurns: 1 });
  await sayTo(app, 6);
  await persisted(app, 6);
  await redis.command('FLUSHALL');
  expect(await recall(app)).toMatchObject({ turns: oneTo(6), from: 'cold' });
  expect(await redis.command('ZCARD', 'conversation:{5}:turns')).toBe(4);
  expect(await recall(app, '?last=4')).toMatchObject({ turns: [3, 4, 5, 6], from: 'hot' });
});

test.each([
  ['persisted every 5 turns: at most 4 are lost', {}, 5, 4],
  ['persisted before the answer: none is lost', { persistBeforeAnswer: true }, 7, 0],
] as const)('Redis loses its memory; %s', async (_name, settings, left, bound) => {
  const { app, redis } = await start({ persistEveryTurns: 5, ...settings });
  const history = historyStore([{ name: 'c', group: 'g', host: 'h' }]);
  const key = 'conversation:5';
  for (const value of oneTo(7)) {
    expect((await say(app, value)).status).toBe(200);
    const times = { invoked: value, completed: value + 0.5 };
    history.add({ client: 'c', f: 'say', key, value, ...times, outcome: 'ok', node: 'app', error: null });
  }
  await persisted(app, left);
  await redis.command('FLUSHALL');
  const { turns: values } = await recall(app);
  expect(values).toEqual(oneTo(left));
  history.finalReads.push({ subject: 'conversation', key, node: 'app', at: 100, values });
  const nothing = { roles: [], events: [], faults: [], samples: [], nodes: [] };
  const seen = { ...nothing, durationMs: 100, loadWindow: { from: 0, to: 100 } };
  const check = (maxLostPerConversation: number) =>
    conversations({ maxLostPerConversation }).check({ history, seen });
  expect(check(bound)).toMatchObject({ verdict: 'valid', figures: { mostLostInOne: 7 - left } });
  expect(check(0).verdict).toBe(left === 7 ? 'valid' : 'invalid');
});

test('Redis away: turns go to PostgreSQL at once and are read from there; back again, both are one', async () => {
  const { app, redis } = await start({ hotTurns: 20, persistEveryTurns: 2 });
  await sayTo(app, 4);
  await persisted(app, 4);
  await kill(redis);
  await sayTo(app, 7, 5);
  expect(await recall(app)).toEqual({ turns: oneTo(7), from: 'cold', degraded: 'redis' });
  const { spawnfile, spawnargs } = redis.process;
  servers.track(spawn(spawnfile, spawnargs.slice(1), { cwd: servers.dir, stdio: 'ignore' }));
  await until(async () => (await recall(app)).degraded === null, { what: 'Redis', withinMs: 20_000 });
  await sayTo(app, 8, 8);
  expect(await recall(app)).toEqual({ turns: oneTo(8), from: 'hot', degraded: null });
});

test('PostgreSQL away: turns are taken and read as long as Redis has them all; both away: neither', async () => {
  const { app, redis } = await start({ persistEveryTurns: 2 }, 'postgres://postgres@127.0.0.1:9/postgres');
  await sayTo(app, 5);
  expect(await recall(app)).toMatchObject({ turns: oneTo(5), from: 'hot' });
  await kill(redis);
  expect((await say(app, 6)).status).toBe(503);
  expect((await app.request('GET', '/conversations/5')).status).toBe(503);
});

test('nothing of a request is kept but its number and text; what cannot be kept is refused', async () => {
  const { app, redis } = await start({ persistEveryTurns: 1 });
  const secret = 'sk-4f9d2c';
  const answer = await app.request(
    'POST',
    '/conversations/5/turns',
    { turn: 1, text: 'hello', apiKey: secret },
    { authorization: `Bearer ${secret}` },
  );
  expect(answer.status).toBe(200);
  await persisted(app, 1);
  const rows = await app.database.query('look', 'SELECT * FROM turns');
  expect(JSON.stringify(rows)).not.toContain(secret);
  expect(JSON.stringify(await redis.command('ZRANGE', 'conversation:{5}:turns', 0, -1))).toBe('["1:hello"]');
  for (const wrong of [
    { turn: 0 },
    { turn: 2 ** 31 },
    { turn: 'x' },
    { text: 'a\0b' },
    { text: 7.5, turn: null },
  ])
    expect([wrong, (await say(app, 2, wrong)).status]).toEqual([wrong, 400]);
  expect((await app.request('GET', "/conversations/5'--")).status).toBe(400);
});
