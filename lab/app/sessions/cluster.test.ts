import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../common/until.ts';
import { type TestServer, TestServers } from '../../workload/test-servers.ts';
import { createStore } from './create-store.ts';
import { configOn, type TestContext, testContext } from './test-sessions.ts';

const servers = new TestServers();
const nodes: TestServer[] = [];
/** Two nodes, each with half of the slots. */
beforeAll(async () => {
  for (const half of [0, 1]) {
    const node = await servers.redis(
      '--cluster-enabled',
      'yes',
      '--cluster-config-file',
      `nodes-${half}.conf`,
    );
    await node.command('CLUSTER', 'ADDSLOTSRANGE', half * 8192, half * 8192 + 8191);
    await node.command('CLUSTER', 'SET-CONFIG-EPOCH', half + 1);
    nodes.push(node);
  }
  const [a, b] = nodes as [TestServer, TestServer];
  await a.command('CLUSTER', 'MEET', b.host, b.port);
  for (const node of nodes)
    await until(async () => String(await node.command('CLUSTER', 'INFO')).includes('cluster_state:ok'), {
      what: 'the cluster',
      withinMs: 15_000,
    });
}, 40_000);
const contexts: TestContext[] = [];
afterAll(async () => {
  for (const context of contexts) await context.end();
  await servers.end();
});

async function storeOn(kind: 'plain' | 'clustered', local = {}) {
  const [node] = nodes as [TestServer];
  const config = configOn(node, { store: kind, local });
  const cluster = { kind: 'cluster' as const, nodes: nodes.map(({ host, port }) => ({ host, port })) };
  const context = testContext({ ...config, redis: { ...config.redis, sessions: cluster } });
  contexts.push(context);
  const store = createStore(context);
  await context.ready();
  return { store, context };
}

describe.each(['plain', 'clustered'] as const)('a %s store in a cluster', (kind) => {
  test('keeps sessions of users all over the slots, and ends them', async () => {
    const { store } = await storeOn(kind);
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
    expect(sizes).toEqual([0, 0]);
  });
});

test('every instance hears of what another revokes, whichever node it was on', async () => {
  const [a, b] = await Promise.all([storeOn('clustered'), storeOn('clustered')]);
  const sessions = await Promise.all(Array.from({ length: 20 }, (_, i) => a.store.create(i + 1)));
  const readAll = () => Promise.all(sessions.map(({ id }) => b.store.read(id)));
  await until(
    async () => {
      const before = await b.context.count('local_hits');
      await readAll();
      return (await b.context.count('local_hits')) >= before + 20;
    },
    { what: 'b to keep them all', withinMs: 10_000 },
  );
  for (const { id } of sessions) await a.store.revoke(id);
  await until(async () => (await readAll()).every((one) => one === null), {
    what: 'b to know of all',
    withinMs: 5000,
  });
});

test('a subscription that moves to another node empties the local cache', async () => {
  const { store, context } = await storeOn('clustered', { pingEveryMs: null });
  const { id } = await store.create(17);
  const kept = async () => {
    const before = await context.count('local_hits');
    await store.read(id);
    return (await context.count('local_hits')) > before;
  };
  await until(kept, { what: 'a local hit', withinMs: 10_000 });
  for (const node of nodes) await node.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
  await until(async () => (await context.count('local_flushes')) === 1, { what: 'a flush', withinMs: 5000 });
  await until(kept, { what: 'a local hit again', withinMs: 10_000 });
});
