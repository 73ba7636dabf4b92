/** Both forms of invalidation on a real cluster, through what happens to the nodes that they depend on. */
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { slotOf } from '../../common/key-slot.ts';
import { until } from '../../common/until.ts';
import { type TestServer, TestServers } from '../../workload/test-servers.ts';
import { configOn, type TestContext, testContext } from '../sessions/test-sessions.ts';
import { type Broadcast, broadcast } from './broadcast.ts';

const CHANNEL = 'session:revoked';
const servers = new TestServers();
afterAll(() => servers.end());

let nodes: TestServer[];
const contexts: TestContext[] = [];
// A test leaves its cluster in pieces.
beforeEach(async () => {
  nodes = await servers.cluster({ replicas: true, args: ['--cluster-require-full-coverage', 'no'] });
}, 40_000);
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.end();
  for (const { process } of nodes) process.kill('SIGKILL');
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
  until(() => heard.isListening, { what: 'it to listen', withinMs: 15_000 });

/** Tells something, again where that fails, until it has been heard. */
async function arrives(news: Broadcast, heard: Heard, message: string): Promise<void> {
  const attempt = async () => {
    await news.tell(message).catch(() => {});
    return heard.messages.includes(message);
  };
  await until(attempt, { what: `${message} to be heard`, withinMs: 15_000 });
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
  return await until(find, { what: 'the subscription', withinMs: 5000 });
}

const ownerIndex = Math.floor(slotOf(CHANNEL) / 5461.5);

/** Makes all nodes say that the channel's slot is another primary's; it has no keys. */
async function moveSlot(): Promise<TestServer> {
  const source = nodes[ownerIndex] as TestServer;
  const target = nodes[(ownerIndex + 1) % 3] as TestServer;
  const id = String(await target.command('CLUSTER', 'MYID'));
  for (const node of [target, source]) await node.command('CLUSTER', 'SETSLOT', slotOf(CHANNEL), 'NODE', id);
  return target;
}

/** A one-way cut of the bus: it no longer knows a node that it would hand messages on to. */
async function forgets(node: TestServer, other: TestServer): Promise<void> {
  await node.command('CLUSTER', 'FORGET', String(await other.command('CLUSTER', 'MYID')));
}

describe('sharded', () => {
  test('what is told is heard at the owner of the slot, and nothing is missed', async () => {
    const [a, b] = [await instance('sharded', 100), await instance('sharded', null)];
    for (const { news } of [a, b]) expect(news.scriptChannel).toBe('');
    await a.news.tell('one');
    await b.news.tell('two');
    for (const { heard } of [a, b])
      await until(() => heard.messages.length === 2, { what: 'both', withinMs: 5000 });
    expect((await subscribedAt()).port).toBe(nodes[ownerIndex]?.port);
    expect(await nodes[ownerIndex]?.command('PUBSUB', 'SHARDNUMSUB', CHANNEL)).toEqual([CHANNEL, 2]);
    expect([a.heard.gaps, b.heard.gaps]).toEqual([0, 0]);
  });

  test('a slot that moves away is a gap, and is followed', async () => {
    const { news, heard } = await instance('sharded', null);
    const target = await moveSlot();
    await until(() => heard.gaps > 0, { what: 'a gap', withinMs: 5000 });
    await listening(heard);
    await arrives(news, heard, 'moved');
    expect((await subscribedAt()).port).toBe(target.port);
  });

  test('a failover by hand, in which the old owner lives on, is a gap, and is followed', async () => {
    const { news, heard } = await instance('sharded', null);
    const replica = nodes[ownerIndex + 3] as TestServer;
    await replica.command('CLUSTER', 'FAILOVER');
    await until(() => heard.gaps > 0, { what: 'a gap', withinMs: 10_000 });
    await listening(heard);
    await arrives(news, heard, 'failed over');
    expect((await subscribedAt()).port).toBe(replica.port);
  });

  test('an owner that dies is a gap, telling fails meanwhile, and its successor is followed', async () => {
    const { news, heard } = await instance('sharded', null);
    nodes[ownerIndex]?.process.kill('SIGKILL');
    await until(() => heard.gaps > 0, { what: 'a gap', withinMs: 5000 });
    await expect(news.tell('to nobody')).rejects.toThrow();
    await arrives(news, heard, 'promoted');
    expect((await subscribedAt()).port).toBe(nodes[ownerIndex + 3]?.port);
  });

  test('an owner that falls silent is a gap after two beats; without beats nobody notices', async () => {
    const [proved, trusting] = [await instance('sharded', 100), await instance('sharded', null)];
    nodes[ownerIndex]?.process.kill('SIGSTOP');
    await until(() => proved.heard.gaps > 0, { what: 'a gap', withinMs: 5000 });
    expect(trusting.heard.gaps).toBe(0);
    await arrives(proved.news, proved.heard, 'promoted');
  });

  test('nodes that no longer hear each other make no difference', async () => {
    const { news, heard } = await instance('sharded', 100);
    const owner = nodes[ownerIndex] as TestServer;
    for (const other of nodes)
      if (other !== owner && other !== nodes[ownerIndex + 3]) await forgets(owner, other);
    await news.tell('one');
    await until(() => heard.messages.length === 1, { what: 'it', withinMs: 5000 });
    expect(heard.gaps).toBe(0);
  });
});

describe('pubsub', () => {
  /** A primary that does not hand messages on to the node with the subscription. */
  async function deaf(): Promise<TestServer> {
    const at = await subscribedAt();
    const primary = nodes.slice(0, 3).find((node) => node !== at && nodes[nodes.indexOf(node) + 3] !== at);
    if (primary === undefined) throw new Error('expected another primary');
    await forgets(primary, at);
    return primary;
  }

  test('is heard from every node', async () => {
    const { heard } = await instance('pubsub', 100);
    for (const [i, node] of nodes.entries()) await node.command('PUBLISH', CHANNEL, `from ${i}`);
    await until(() => heard.messages.length === nodes.length, { what: 'all', withinMs: 5000 });
    expect(heard.gaps).toBe(0);
  });

  test('what one node does not hand on is lost, and nobody notices without beats', async () => {
    const { heard } = await instance('pubsub', null);
    const primary = await deaf();
    await primary.command('PUBLISH', CHANNEL, 'lost');
    await (await subscribedAt()).command('PUBLISH', CHANNEL, 'heard');
    await until(() => heard.messages.includes('heard'), { what: 'the other', withinMs: 5000 });
    expect(heard).toMatchObject({ messages: ['heard'], gaps: 0, isListening: true });
  });

  test('beats through every primary notice it', async () => {
    const { heard } = await instance('pubsub', 100);
    await deaf();
    await until(() => heard.gaps > 0, { what: 'a gap', withinMs: 5000 });
  });
});
