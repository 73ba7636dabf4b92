/** Both forms of invalidation on a real cluster, through what happens to the nodes that they depend on. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { slotOf } from '../../common/key-slot.ts';
import { until } from '../../common/until.ts';
import { type TestServer, TestServers } from '../../workload/test-servers.ts';
import { configOn, type TestContext, testContext } from '../sessions/test-sessions.ts';
import { type Broadcast, broadcast } from './broadcast.ts';

const CHANNEL = 'session:revoked';
/** Between two beats where there is to be no gap: a busy machine is not that slow. */
const CALM_MS = 2000;
const servers = new TestServers();
afterAll(() => servers.end());

let nodes: TestServer[];
const contexts: TestContext[] = [];
const start = async () => {
  nodes = await servers.cluster({ replicas: true, args: ['--cluster-require-full-coverage', 'no'] });
};
const end = async () => {
  for (const { process } of nodes) process.kill('SIGKILL');
};
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.end();
});

type Form = 'pubsub' | 'sharded';

interface Heard {
  messages: string[];
  gaps: number;
  isListening: boolean;
}

/** An instance that listens. */
async function instance(form: Form, pingEveryMs: number | null) {
  const [first] = nodes as [TestServer];
  const config = configOn(first, {});
  const cluster = { kind: 'cluster' as const, nodes: nodes.map(({ host, port }) => ({ host, port })) };
  const context = testContext({
    ...config,
    redis: { ...config.redis, sessions: cluster },
    sessions: { ...config.sessions, invalidation: form },
  });
  contexts.push(context);
  const commands = context.redis('sessions');
  const news = broadcast(context, { role: 'sessions', purpose: 'test', channel: CHANNEL, commands });
  const heard: Heard = { messages: [], gaps: 0, isListening: false };
  news.listen(pingEveryMs, {
    onMessage: (message) => heard.messages.push(message),
    onGap() {
      heard.gaps++;
      heard.isListening = false;
    },
    onListening() {
      heard.isListening = true;
    },
  });
  await listening(heard);
  return { context, news, heard };
}

const listening = (heard: Heard) =>
  until(() => heard.isListening, { what: 'it to listen', withinMs: 20_000 });

/** Tells something, again where that fails, until it has been heard. */
async function arrives(news: Broadcast, heard: Heard, message: string): Promise<void> {
  const attempt = async () => {
    await news.tell(message).catch(() => {});
    return heard.messages.includes(message);
  };
  await until(attempt, { what: `${message} to be heard`, withinMs: 20_000 });
}

/** The node with the subscription. */
async function subscribedAt(): Promise<TestServer> {
  const find = async () => {
    for (const node of nodes) {
      const list = String(await node.command('CLIENT', 'LIST', 'TYPE', 'pubsub').catch(() => ''));
      if (list.includes('name=app:')) return node;
    }
    return undefined;
  };
  return await until(find, { what: 'the subscription', withinMs: 20_000 });
}

/** Who owns the channel's slot, as all nodes that know it have it. */
async function owner(): Promise<TestServer> {
  const agreed = async () => {
    const ports = await Promise.all(
      nodes.map(async (node) => {
        const slots = (await node.command('CLUSTER', 'SLOTS')) as [number, number, [string, number]][];
        return slots.find(([from, to]) => from <= slotOf(CHANNEL) && slotOf(CHANNEL) <= to)?.[2][1];
      }),
    );
    const [first, ...others] = new Set(ports.filter((port) => port !== undefined));
    return others.length === 0 && nodes.find(({ port }) => port === first);
  };
  return await until(agreed, { what: 'an owner that all agree on', withinMs: 20_000 });
}

/** The replica that takes over from a primary, and the other way round. */
const beside = (node: TestServer) => nodes[(nodes.indexOf(node) + 3) % 6] as TestServer;

/** Nodes of another shard. */
const elsewhere = (node: TestServer) => nodes.filter((other) => other !== node && other !== beside(node));

const isPrimary = async (node: TestServer) =>
  String(await node.command('INFO', 'replication')).includes('role:master');

/** A one-way cut of the bus: a node no longer knows another to which it would hand messages on. */
async function forgets(node: TestServer, other: TestServer): Promise<void> {
  await node.command('CLUSTER', 'FORGET', String(await other.command('CLUSTER', 'MYID')));
}

/** Has a primary hand nothing on to the node with the subscription. */
async function deafen(): Promise<TestServer> {
  const at = await subscribedAt();
  for (const node of elsewhere(at)) {
    if (!(await isPrimary(node))) continue;
    await forgets(node, at);
    return node;
  }
  throw new Error('expected a primary elsewhere');
}

describe('in a cluster that is whole', () => {
  beforeAll(start, 40_000);
  afterAll(end);

  test('pubsub: is heard from every node', async () => {
    const { heard } = await instance('pubsub', CALM_MS);
    for (const [i, node] of nodes.entries()) await node.command('PUBLISH', CHANNEL, `from ${i}`);
    await until(() => heard.messages.length === nodes.length, { what: 'all', withinMs: 20_000 });
    expect(heard.gaps).toBe(0);
  });

  test('sharded: what is told is heard at the owner of the slot', async () => {
    const [a, b] = [await instance('sharded', CALM_MS), await instance('sharded', null)];
    for (const { news } of [a, b]) expect(news.scriptChannel).toBe('');
    await a.news.tell('one');
    await b.news.tell('two');
    for (const { heard } of [a, b])
      await until(() => heard.messages.length === 2, { what: 'both', withinMs: 20_000 });
    expect(await (await owner()).command('PUBSUB', 'SHARDNUMSUB', CHANNEL)).toEqual([CHANNEL, 2]);
    expect([a.heard.gaps, b.heard.gaps]).toEqual([0, 0]);
  });

  test('sharded: a slot that moves away is a gap, and is followed', async () => {
    const { news, heard } = await instance('sharded', null);
    const source = await owner();
    const target = nodes.slice(0, 3).find((node) => node !== source) as TestServer;
    const [from, id] = (await Promise.all(
      [source, target].map((node) => node.command('CLUSTER', 'MYID')),
    )) as [string, string];
    // It has no keys. Who imports it gets a new epoch, so that no older claim that is on its way counts.
    await target.command('CLUSTER', 'SETSLOT', slotOf(CHANNEL), 'IMPORTING', from);
    for (const node of [target, source])
      await node.command('CLUSTER', 'SETSLOT', slotOf(CHANNEL), 'NODE', id);
    await until(() => heard.gaps > 0, { what: 'a gap', withinMs: 20_000 });
    await listening(heard);
    await arrives(news, heard, 'moved');
    expect((await subscribedAt()).port).toBe(target.port);
  });

  test('sharded: a failover by hand, in which the old owner lives on, is a gap, and is followed', async () => {
    const { news, heard } = await instance('sharded', null);
    const replica = beside(await owner());
    await replica.command('CLUSTER', 'FAILOVER');
    await until(() => heard.gaps > 0, { what: 'a gap', withinMs: 20_000 });
    await listening(heard);
    await arrives(news, heard, 'failed over');
    expect((await subscribedAt()).port).toBe(replica.port);
  });
});

describe('in a cluster of which a node no longer hears another', () => {
  // Each test has its own: for a minute a node does not know again whom it forgot.
  beforeEach(start, 40_000);
  afterEach(end);

  test('pubsub: what a node does not hand on is lost, and nobody notices without beats', async () => {
    const { heard } = await instance('pubsub', null);
    await (await deafen()).command('PUBLISH', CHANNEL, 'lost');
    await (await subscribedAt()).command('PUBLISH', CHANNEL, 'heard');
    await until(() => heard.messages.includes('heard'), { what: 'the other', withinMs: 20_000 });
    expect(heard).toMatchObject({ messages: ['heard'], gaps: 0, isListening: true });
  });

  test('pubsub: beats through every primary notice it', async () => {
    const { heard } = await instance('pubsub', 100);
    await deafen();
    await until(() => heard.gaps > 0, { what: 'a gap', withinMs: 20_000 });
  });

  test('sharded: nodes that no longer hear each other make no difference', async () => {
    const { news, heard } = await instance('sharded', CALM_MS);
    const at = await owner();
    for (const other of elsewhere(at)) await forgets(at, other);
    await news.tell('one');
    await until(() => heard.messages.length === 1, { what: 'it', withinMs: 20_000 });
    expect(heard.gaps).toBe(0);
  });
});

describe('sharded, when the owner of the slot', () => {
  beforeEach(start, 40_000);
  afterEach(end);

  test('dies: a gap, telling fails meanwhile, and its successor is followed', async () => {
    const { news, heard } = await instance('sharded', null);
    const dead = await owner();
    dead.process.kill('SIGKILL');
    await until(() => heard.gaps > 0, { what: 'a gap', withinMs: 20_000 });
    await expect(news.tell('to nobody')).rejects.toThrow();
    await arrives(news, heard, 'promoted');
    expect(await isPrimary(beside(dead))).toBe(true);
  });

  test('falls silent: a gap after two beats; without beats nobody notices', async () => {
    const [proved, trusting] = [await instance('sharded', 100), await instance('sharded', null)];
    (await owner()).process.kill('SIGSTOP');
    await until(() => proved.heard.gaps > 0, { what: 'a gap', withinMs: 20_000 });
    expect(trusting.heard.gaps).toBe(0);
    await arrives(proved.news, proved.heard, 'promoted');
  });
});
