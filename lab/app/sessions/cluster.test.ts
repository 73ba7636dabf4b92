import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { slotOf } from '../../common/key-slot.ts';
import { until } from '../../common/until.ts';
import { type TestServer, TestServers, thirds } from '../../workload/test-servers.ts';
import { REVOKED_CHANNEL } from './announcements.ts';
import { createStore } from './create-store.ts';
import { configOn, type TestContext, testApp, testContext } from './test-sessions.ts';

const servers = new TestServers();
let nodes: TestServer[];
beforeAll(async () => {
  // Nobody is to fail over here: a node that is stopped for a moment is not to be missed.
  nodes = await servers.cluster({ nodeTimeoutMs: 60_000 });
}, 40_000);
const contexts: TestContext[] = [];
afterAll(async () => {
  for (const context of contexts) await context.end();
  await servers.end();
});

type Form = 'pubsub' | 'sharded';

function contextOn(kind: 'plain' | 'clustered', invalidation: Form, local = {}): TestContext {
  const [node] = nodes as [TestServer];
  const config = configOn(node, { store: kind, local });
  const cluster = { kind: 'cluster' as const, nodes: nodes.map(({ host, port }) => ({ host, port })) };
  const context = testContext({
    ...config,
    redis: { ...config.redis, sessions: cluster },
    sessions: { ...config.sessions, invalidation },
  });
  contexts.push(context);
  return context;
}

async function storeOn(kind: 'plain' | 'clustered', invalidation: Form = 'pubsub', local = {}) {
  const context = contextOn(kind, invalidation, local);
  const store = createStore(context);
  await context.ready();
  return { store, context };
}

describe.each([
  ['plain', 'pubsub'],
  ['clustered', 'pubsub'],
  ['clustered', 'sharded'],
] as const)('a %s store in a cluster, %s', (kind, form) => {
  test('keeps sessions of users all over the slots, and ends them', async () => {
    const { store } = await storeOn(kind, form);
    for (let user = 1; user <= 20; user++) {
      const [one, two] = [await store.create(user), await store.create(user)];
      const session = await store.read(one.id);
      if (session !== null) expect(await store.save(session)).toBe(1);
      await store.revoke(one.id);
      expect(await store.read(one.id)).toBeNull();
      expect(await store.read(two.id)).toMatchObject({ user });
      await store.revokeAll(user);
      expect(await store.read(two.id)).toBeNull();
    }
    const sizes = await Promise.all(nodes.map((node) => node.command('DBSIZE')));
    expect(sizes).toEqual([0, 0, 0]);
  });
});

/** Reads them until the store keeps them all. */
async function keepsAll({ store, context }: Awaited<ReturnType<typeof storeOn>>, ids: readonly string[]) {
  await until(
    async () => {
      const before = await context.count('local_hits');
      await Promise.all(ids.map((id) => store.read(id)));
      return (await context.count('local_hits')) >= before + ids.length;
    },
    { what: 'it to keep them all', withinMs: 20_000 },
  );
}

test.each(['pubsub', 'sharded'] as const)(
  'every instance hears of what another revokes, whichever node it was on: %s',
  async (form) => {
    const [a, b] = await Promise.all([storeOn('clustered', form), storeOn('clustered', form)]);
    const sessions = await Promise.all(Array.from({ length: 20 }, (_, i) => a.store.create(i + 1)));
    const readAll = () => Promise.all(sessions.map(({ id }) => b.store.read(id)));
    await keepsAll(
      b,
      sessions.map(({ id }) => id),
    );
    for (const { id, user } of sessions) await (user % 2 ? a.store.revoke(id) : a.store.revokeAll(user));
    await until(async () => (await readAll()).every((one) => one === null), {
      what: 'b to know of all',
      withinMs: 20_000,
    });
  },
);

test('a subscription that moves to another node empties the local cache', async () => {
  const { store, context } = await storeOn('clustered', 'pubsub', { pingEveryMs: null });
  const { id } = await store.create(17);
  const kept = async () => {
    const before = await context.count('local_hits');
    await store.read(id);
    return (await context.count('local_hits')) > before;
  };
  await until(kept, { what: 'a local hit', withinMs: 20_000 });
  for (const node of nodes) await node.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
  await until(async () => (await context.count('local_flushes')) > 0, { what: 'a flush', withinMs: 20_000 });
  await until(kept, { what: 'a local hit again', withinMs: 20_000 });
});

test('sharded: a logout that cannot be told is not confirmed, and is told when it can be', async () => {
  const local = { pingEveryMs: null };
  const [here, there] = [
    await storeOn('clustered', 'sharded', local),
    await storeOn('clustered', 'sharded', local),
  ];
  const context = contextOn('clustered', 'sharded', local);
  const app = await testApp(context);
  onTestFinished(() => app.close());
  await context.ready();
  // Users in other shards than the channel.
  const meeting = nodes[shardOf(REVOKED_CHANNEL)] as TestServer;
  const users = Array.from({ length: 50 }, (_, i) => i + 1).filter(
    (user) => nodes[shardOf(`{${user}}`)] !== meeting,
  );
  const [one, two] = users as [number, number];
  const payload = { user: one, password: 'password-17' };
  const login = await app.inject({ method: 'POST', url: '/login', payload });
  const cookie = String(login.headers['set-cookie']).split(';')[0] ?? '';
  const sessions = await Promise.all([here.store.create(two), here.store.create(two)]);
  const ids = sessions.map(({ id }) => id);
  await keepsAll(there, ids);
  meeting.process.kill('SIGSTOP');
  const logout = await app.inject({ method: 'POST', url: '/logout', headers: { cookie } });
  expect([logout.statusCode, logout.json().error]).toEqual([504, 'unknown-fate']);
  // The cookie stays, so that it can be tried again.
  expect(logout.headers['set-cookie']).toBeUndefined();
  await expect(here.store.revokeAll(two)).rejects.toThrow('the other instances were not told');
  expect(await here.context.count('untold')).toBe(2);
  expect(await here.store.read(ids[0] ?? '')).toBeNull();
  expect(await there.store.read(ids[0] ?? '')).not.toBeNull();
  meeting.process.kill('SIGCONT');
  await until(
    async () => (await Promise.all(ids.map((id) => there.store.read(id)))).every((it) => it === null),
    {
      what: 'the others to be told',
      withinMs: 20_000,
    },
  );
});

/** Which of the nodes owns a key's slot. */
const shardOf = (key: string) => thirds.findIndex(([from, to]) => from <= slotOf(key) && slotOf(key) <= to);
