import { once as onceOf } from 'node:events';
import { createConnection } from 'node:net';
import { Cluster } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sleep } from '../common/clock.ts';
import { slotOf } from '../common/key-slot.ts';
import { prng } from '../common/prng.ts';
import { until } from '../common/until.ts';
import { ClusterCommand } from './cluster-command.ts';
import { connect } from './connect.ts';
import type { NodeNames } from './connection.ts';
import type { ClientOptions } from './redis-options.ts';
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

/** A client of one connection; `once` does one operation on a key and gives what was recorded of it. */
async function client(options: ClientOptions = {}, wait: WaitOptions | null = null) {
  const primary = connect(endpoint(), options, names, prng(1));
  undo.push(() => primary.disconnect());
  await primary.whenReady();
  return recorder(primary, wait);
}

/** Kills a node, and waits until whoever had a connection to it has had the time to hear of its end. */
async function dead({ process, host, port }: TestServer): Promise<void> {
  process.kill('SIGKILL');
  // By then its connections are closed, and not its listening socket alone.
  if (process.exitCode === null && process.signalCode === null) await onceOf(process, 'exit');
  const refused = () =>
    new Promise<boolean>((resolve) => {
      const socket = createConnection({ host, port });
      socket.once('error', () => resolve(true));
      socket.once('connect', () => {
        socket.destroy();
        resolve(false);
      });
    });
  await until(refused, { what: 'connections to be refused', withinMs: 10_000 });
}

/** Of redis-1, redis-2 and redis-3 at the start. */
const keyOf = { 1: 'bar', 2: '123', 3: 'foo' };

describe('three primaries', () => {
  beforeEach(() => start());

  test('each key is acknowledged by the node that owns its slot, without a redirect', async () => {
    const { once } = await client();
    for (const i of [1, 2, 3] as const)
      expect(await once(keyOf[i], 'increment')).toEqual({
        ...{ outcome: 'ok', node: `redis-${i}`, error: null, redirects: 0, redirectedBy: null },
      });
  });

  test('a slot moved live: ASK while it is on its way, MOVED when it has arrived; each said by whom and how often', async () => {
    const key = keyOf[3];
    const slot = slotOf(key);
    const { once } = await client();
    await once(keyOf[1]);
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
    const { once } = await client({ maxRedirections: 0 });
    expect(await once(keyOf[3], 'read')).toMatchObject({ outcome: 'ok', node: 'redis-3' });
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

  test('CLUSTERDOWN: sent again as often as the budget allows, and then certainly not done; 0 ms: at once', async () => {
    const patient = await client({ maxRedirections: 3, retryDelayOnClusterDown: 20 });
    const hasty = await client({ retryDelayOnClusterDown: 0 });
    for (const one of [patient, hasty]) await one.once(keyOf[1]);
    await node(1).command('CLUSTER', 'DELSLOTS', slotOf(keyOf[1]));
    await until(async () => String(await node(1).command('CLUSTER', 'INFO')).includes('cluster_state:fail'), {
      ...{ what: 'redis-1 to see that a slot has no owner', withinMs: 20_000 },
    });
    const refused = await patient.once(keyOf[1]);
    expect(refused).toMatchObject({ outcome: 'fail', error: 'too-many-redirections', redirects: 3 });
    expect(await hasty.once(keyOf[1])).toMatchObject({
      ...{ outcome: 'fail', node: 'redis-1', error: 'CLUSTERDOWN', redirects: 0, redirectedBy: null },
    });
  });

  test('TRYAGAIN: a command on several keys of a slot that is half-way, refused by all and then done', async () => {
    const slot = slotOf(keyOf[3]);
    const [here, gone] = ['{foo}a', '{foo}b'];
    await node(3).command('SET', here, 1);
    await node(1).command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', await idOf(3));
    await node(3).command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', await idOf(1));
    const cluster = new Cluster(endpoint().cluster, { maxRedirections: 3, retryDelayOnTryAgain: 20 });
    undo.push(() => cluster.disconnect());
    cluster.on('error', () => {});
    const send = () => {
      const command = new ClusterCommand('mset', [here, 1, gone, 2]);
      return { command, reply: Promise.resolve(cluster.sendCommand(command)) };
    };
    await expect(node(3).command('MSET', here, 1, gone, 2)).rejects.toThrow(/TRYAGAIN/);
    const refused = send();
    // ioredis sends it again to any node, and then MOVED leads it back (cluster/index.js, partialTry).
    await expect(refused.reply).rejects.toThrow(/Too many Cluster redirections/);
    expect(refused.command).toMatchObject({ written: 'refused', rejections: 4, isAnswered: true });
    await node(3).command('MIGRATE', node(1).host, node(1).port, here, 0, 1000);
    const halfway = send();
    // The source has neither key and says ASK, the target has one of the two and says TRYAGAIN, by turns.
    await expect(halfway.reply).rejects.toThrow(/Too many Cluster redirections/);
    expect(halfway.command).toMatchObject({ written: 'refused', rejections: 4 });
    for (const i of [1, 3, 2]) await node(i).command('CLUSTER', 'SETSLOT', slot, 'NODE', await idOf(1));
    const last = send();
    await last.reply;
    expect(last.command.written).toBe('once');
    expect(await node(1).command('GET', gone)).toBe('2');
  });

  test('a node that dies with a write: nobody knows, whatever the others say afterwards', async () => {
    const { once } = await client({ maxRedirections: 4, retryDelayOnFailover: 50, slotsRefreshTimeout: 200 });
    await once(keyOf[2]);
    node(2).process.kill('SIGSTOP');
    const late = once(keyOf[2]);
    await sleep(50);
    node(2).process.kill('SIGKILL');
    const { outcome, redirects } = await late;
    expect(outcome).toBe('info');
    expect(redirects).toBeGreaterThan(0);
  });

  test('without resending after a lost connection the operation ends at once, open', async () => {
    const { once } = await client({ retryDelayOnFailover: 0 });
    await once(keyOf[2]);
    node(2).process.kill('SIGSTOP');
    const late = once(keyOf[2]);
    await sleep(50);
    node(2).process.kill('SIGKILL');
    expect(await late).toEqual({
      outcome: 'info',
      node: null,
      error: 'connection-closed',
      redirects: 0,
      redirectedBy: null,
    });
  });

  test('a command that no node ever had is certainly not done', async () => {
    const { once } = await client({ retryDelayOnFailover: 0 });
    await dead(node(2));
    expect(await once(keyOf[2])).toMatchObject({ outcome: 'fail', node: null });
  });
});

describe('three primaries with a replica each', () => {
  beforeEach(() => start({ replicas: true }));

  test('MOVED after CLUSTER FAILOVER, under load; the history keeps who acknowledged and how often it was sent on', async () => {
    const workload = addToSet({
      name: 'ids',
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
    expect(await once(keyOf[3])).toMatchObject({ outcome: 'ok', node: 'redis-3' });
  });

  test('readFrom: replica reads from the replicas, and writes go to the primaries', async () => {
    const workload = versionedRegisters({ name: 'regs', clients: 2, keys: 20, readFrom: 'replica' });
    const clients = await new TestClients(servers, workload, endpoint(), { nodes: names }).started();
    await clients.oks(400);
    await clients.stopped();
    const by = (f: string) =>
      new Set(clients.operations().flatMap((op) => (op.f === f && op.outcome === 'ok' ? [op.node] : [])));
    expect([...by('write')].sort()).toEqual(['redis-1', 'redis-2', 'redis-3']);
    expect([...by('read')].sort()).toEqual(['redis-4', 'redis-5', 'redis-6']);
  });
});
