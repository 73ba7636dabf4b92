import { once as onceOf } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UsageError } from '../common/errors.ts';
import { slotOf } from '../common/key-slot.ts';
import { prng } from '../common/prng.ts';
import { until } from '../common/until.ts';
import { connectorOf } from './connect.ts';
import type { NodeNames } from './connection.ts';
import type { NodeRedisConnection } from './node-redis-connection.ts';
import { type NodeRedisOptions, toNodeRedisOptions } from './node-redis-options.ts';
import { addToSet, versionedRegisters } from './spec.ts';
import { TestClients } from './test-clients.ts';
import { expectToFollow } from './test-failover.ts';
import { recorder } from './test-recorder.ts';
import { type TestServer, TestServers } from './test-servers.ts';
import type { WaitOptions } from './workload.ts';

let servers: TestServers;
let nodes: TestServer[];
let names: NodeNames;
const undo: (() => void)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0)) step();
  await servers.end();
});

async function start(options: Parameters<TestServers['cluster']>[0] = {}): Promise<void> {
  servers = new TestServers();
  nodes = await servers.cluster(options);
  names = Object.fromEntries(nodes.map(({ address }, i) => [address, `redis-${i + 1}`]));
}
const node = (i: number) => nodes[i - 1] as TestServer;
const idOf = async (i: number) => String(await node(i).command('CLUSTER', 'MYID'));
const endpoint = () => ({ cluster: nodes.map(({ host, port }) => ({ host, port })) });

async function client(nodeRedis: NodeRedisOptions = {}, wait: WaitOptions | null = null) {
  const workload = addToSet({ name: 'w', library: 'node-redis', nodeRedis });
  const primary = (await connectorOf(workload, endpoint(), names))(prng(1));
  undo.push(() => primary.disconnect());
  await primary.whenReady();
  /** Until the client knows that its connection to a node is gone. */
  const hasLost = (i: number) =>
    until(() => !(primary as NodeRedisConnection).socketTo(node(i).address).isOpen, {
      ...{ what: `the client to know that redis-${i} is gone`, withinMs: 20_000 },
    });
  return { ...recorder(primary, wait), hasLost };
}

/** The node is gone, and everybody who was connected to it knows. */
async function kill(i: number): Promise<void> {
  node(i).process.kill('SIGKILL');
  await onceOf(node(i).process, 'exit');
}

/** Somebody else at the address of a node that is gone. `hear` gets what comes. */
async function impostor(i: number, hear: (text: string, socket: Socket) => void): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('data', (data) => hear(String(data), socket));
    socket.on('error', () => {});
  });
  undo.push(() => server.close());
  server.listen(node(i).port, node(i).host);
  await onceOf(server, 'listening');
  return server;
}

/** Of redis-1, redis-2 and redis-3 at the start. */
const keyOf = { 1: 'bar', 2: '123', 3: 'foo' };
/** A client that tries again soon, and asks for the slots only after MOVED. */
const patient: NodeRedisOptions = {
  topologyRefreshOnReconnectionAttemptStrategy: false,
  defaults: { socket: { reconnectStrategy: 50 } },
};

describe('three primaries', () => {
  beforeEach(() => start());

  test('each key is acknowledged by the node that owns its slot, without a redirect', async () => {
    const { once } = await client();
    for (const i of [1, 2, 3] as const)
      for (const f of ['increment', 'read'] as const)
        expect(await once(keyOf[i], f)).toEqual({
          ...{ outcome: 'ok', node: `redis-${i}`, error: null, redirects: 0, redirectedBy: null },
        });
    expect(await once(keyOf[1], 'add')).toMatchObject({
      outcome: 'fail',
      node: 'redis-1',
      error: 'WRONGTYPE',
    });
  });

  test('a slot moved live: ASK while it is on its way, MOVED when it has arrived; each said by whom and how often', async () => {
    const key = keyOf[3];
    const slot = slotOf(key);
    const { once } = await client({ minimizeConnections: true });
    await node(1).command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', await idOf(3));
    await node(3).command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', await idOf(1));
    expect(await once(key)).toEqual({
      ...{ outcome: 'ok', node: 'redis-1', error: null, redirects: 1, redirectedBy: 'ASK:1' },
    });
    expect(await once(key)).toMatchObject({ node: 'redis-1', redirects: 1 });
    for (const i of [1, 3, 2]) await node(i).command('CLUSTER', 'SETSLOT', slot, 'NODE', await idOf(1));
    expect(await once(key)).toEqual({
      ...{ outcome: 'ok', node: 'redis-1', error: null, redirects: 1, redirectedBy: 'MOVED:1' },
    });
    // It has learned.
    expect(await once(key)).toMatchObject({ outcome: 'ok', node: 'redis-1', redirects: 0 });
  });

  test('a redirect budget of none: MOVED is certain, and says who refused', async () => {
    const slot = slotOf(keyOf[3]);
    const { once } = await client({ maxCommandRedirections: 0 });
    for (const i of [1, 3, 2]) await node(i).command('CLUSTER', 'SETSLOT', slot, 'NODE', await idOf(1));
    expect(await once(keyOf[3])).toEqual({
      ...{
        outcome: 'fail',
        node: 'redis-3',
        error: 'too-many-redirections',
        redirects: 0,
        redirectedBy: null,
      },
    });
  });

  test('CLUSTERDOWN: refused at once, it is not sent again', async () => {
    const { once } = await client();
    await node(1).command('CLUSTER', 'DELSLOTS', slotOf(keyOf[1]));
    await until(async () => String(await node(1).command('CLUSTER', 'INFO')).includes('cluster_state:fail'), {
      ...{ what: 'redis-1 to see that a slot has no owner', withinMs: 20_000 },
    });
    expect(await once(keyOf[1])).toEqual({
      ...{ outcome: 'fail', node: 'redis-1', error: 'CLUSTERDOWN', redirects: 0, redirectedBy: null },
    });
  });

  test('a node that dies with a write: nobody knows, and it is not sent again', async () => {
    const { once } = await client(patient);
    await once(keyOf[2]);
    node(2).process.kill('SIGSTOP');
    const late = once(keyOf[2], 'increment');
    // Written in the next turn of the event loop.
    await until(() => new Promise((resolve) => setImmediate(() => resolve(true))), {
      what: 'a turn',
      withinMs: 20_000,
    });
    await kill(2);
    expect(await late).toMatchObject({ outcome: 'info', node: null, redirects: 0 });
  });

  test('without a connection: kept, and certainly not done if it was not written in time', async () => {
    const { once, hasLost } = await client({ ...patient, commandOptions: { timeout: 300 } });
    await kill(2);
    await hasLost(2);
    expect(await once(keyOf[2])).toEqual({
      ...{ outcome: 'fail', node: null, error: 'not-written-in-time', redirects: 0, redirectedBy: null },
    });
    expect(await once(keyOf[1])).toMatchObject({ outcome: 'ok' });
  });

  test('without a connection and without a queue: certainly not done, at once', async () => {
    const { once, hasLost } = await client({
      ...patient,
      defaults: { ...patient.defaults, disableOfflineQueue: true },
    });
    await kill(2);
    await hasLost(2);
    expect(await once(keyOf[2])).toMatchObject({ outcome: 'fail', node: null, error: 'not-connected' });
  });

  test('a queue that is full: what it does not take is certainly not done', async () => {
    const { once, hasLost } = await client({
      ...patient,
      commandOptions: { timeout: 300 },
      defaults: { ...patient.defaults, commandsQueueMaxLength: 20 },
    });
    await kill(2);
    await hasLost(2);
    const all = await Promise.all(Array.from({ length: 25 }, () => once(keyOf[2])));
    expect(new Set(all.map(({ outcome, error }) => `${outcome} ${error}`))).toEqual(
      new Set(['fail not-written-in-time', 'fail queue-full']),
    );
  });

  test('what waited is written before a new connection is ready: lost with it, nobody knows', async () => {
    const { once, hasLost } = await client({ ...patient, commandOptions: { timeout: 10_000 } });
    await kill(2);
    await hasLost(2);
    const late = once(keyOf[2]);
    let isWritten = false;
    await impostor(2, (text, socket) => {
      isWritten ||= text.includes('SET');
      socket.destroy();
    });
    expect(await late).toMatchObject({ outcome: 'info', node: null });
    expect(isWritten).toBe(true);
  });

  test('the answer to a connection’s handshake is nobody’s own answer', async () => {
    const { once, hasLost } = await client({ ...patient, commandOptions: { timeout: 10_000 } });
    await kill(2);
    await hasLost(2);
    const late = once(keyOf[2]);
    await impostor(2, (_, socket) => socket.write('-NOAUTH Authentication required.\r\n'));
    expect(await late).toMatchObject({
      ...{ outcome: 'info', node: null, error: expect.stringMatching(/NOAUTH/) },
    });
  });

  test('a socket timeout closes the node’s connection for good, unless a reconnectStrategy says otherwise', async () => {
    const defaults = { pingInterval: 100, socket: { connectTimeout: 2000, socketTimeout: 2000 } };
    const stuck = await client({ defaults });
    const back = await client({
      defaults: { ...defaults, socket: { ...defaults.socket, reconnectStrategy: 50 } },
    });
    for (const { once } of [stuck, back]) expect(await once(keyOf[2])).toMatchObject({ outcome: 'ok' });
    node(2).process.kill('SIGSTOP');
    for (const { once } of [stuck, back])
      expect(await once(keyOf[2])).toMatchObject({ outcome: 'info', node: null, error: 'socket-timeout' });
    node(2).process.kill('SIGCONT');
    await until(async () => (await back.once(keyOf[2])).outcome === 'ok', {
      what: 'the other client',
      withinMs: 30_000,
    });
    expect(await stuck.once(keyOf[2])).toEqual({
      ...{ outcome: 'fail', node: null, error: 'client-closed', redirects: 0, redirectedBy: null },
    });
    // Not that the cluster had anything against it.
    await until(async () => (await stuck.once(keyOf[1])).outcome === 'ok', {
      ...{ what: 'another shard to be of use', withinMs: 30_000 },
    });
    expect(await stuck.once(keyOf[2])).toMatchObject({ outcome: 'fail', error: 'client-closed' });
  });
});

describe('three primaries with a replica each', () => {
  beforeEach(() => start({ replicas: true }));

  test('MOVED after CLUSTER FAILOVER, under load; the history keeps who acknowledged and how often it was sent on', async () => {
    const workload = addToSet({
      name: 'ids',
      library: 'node-redis',
      keys: 6,
      keySlots: { ranges: [[0, 5460]] },
      rate: { perSecond: 400 },
    });
    const clients = await new TestClients(servers, workload, endpoint(), { nodes: names }).started();
    await expectToFollow(clients, node(4));
  });

  test('WAIT asks the node that has the write', async () => {
    const { once } = await client({}, { replicas: 1, timeoutMs: 2000 });
    for (const i of [1, 2, 3] as const)
      expect(await once(keyOf[i])).toMatchObject({ outcome: 'ok', node: `redis-${i}` });
    // Only the shard whose replica is stopped cannot confirm.
    node(5).process.kill('SIGSTOP');
    expect(await once(keyOf[1])).toMatchObject({ outcome: 'ok', node: 'redis-1' });
    expect(await once(keyOf[2])).toMatchObject({ outcome: 'info', node: 'redis-2', error: 'wait-too-few' });
  });

  test('readFrom: replica spreads reads over replicas and primaries, and writes go to the primaries', async () => {
    const workload = versionedRegisters({
      name: 'regs',
      library: 'node-redis',
      clients: 2,
      keys: 20,
      readFrom: 'replica',
    });
    const clients = await new TestClients(servers, workload, endpoint(), { nodes: names }).started();
    await clients.oks(400);
    await clients.stopped();
    const by = (f: string) =>
      new Set(clients.operations().flatMap((op) => (op.f === f && op.outcome === 'ok' ? [op.node] : [])));
    expect([...by('write')].sort()).toEqual(['redis-1', 'redis-2', 'redis-3']);
    expect([...by('read')].sort()).toEqual([1, 2, 3, 4, 5, 6].map((i) => `redis-${i}`));
  });
});

describe('options', () => {
  beforeEach(() => {
    servers = new TestServers();
  });

  test('go to createCluster under their own names; delays count from node-redis’ 0; who logs in does so everywhere', () => {
    const options = toNodeRedisOptions(
      {
        ...{ maxCommandRedirections: 3, commandOptions: { timeout: 7 } },
        defaults: {
          pingInterval: 9,
          socket: { socketTimeout: 5, reconnectStrategy: { minMs: 10, maxMs: 30 } },
        },
      },
      { cluster: [{ host: 'h', port: 1 }], username: 'u', password: 'p' },
      () => 0,
    );
    expect(options).toMatchObject({
      ...{ maxCommandRedirections: 3, commandOptions: { timeout: 7 } },
      rootNodes: [{ socket: { host: 'h', port: 1 } }],
      defaults: { username: 'u', password: 'p', pingInterval: 9, socket: { socketTimeout: 5 } },
    });
    const socket = options.defaults?.socket as { reconnectStrategy(retries: number): unknown } | undefined;
    expect([0, 1, 2, 9].map((retries) => socket?.reconnectStrategy(retries))).toEqual([10, 20, 30, 30]);
  });

  test('one server is refused', async () => {
    const workload = addToSet({ name: 'w', library: 'node-redis' });
    const connector = connectorOf(workload, { host: 'h', port: 1 }, {});
    await expect(connector).rejects.toThrow(UsageError);
    await expect(connector).rejects.toThrow(/workload "w": library: 'node-redis' needs a cluster/);
  });
});
