import assert from 'node:assert/strict';
import { LabError } from '../common/errors.ts';
import { SLOT_COUNT, slotOf } from '../common/key-slot.ts';
import { until } from '../common/until.ts';
import type { Case } from '../hosts/test-cases.ts';
import { cluster } from './cluster.ts';
import type { ClusterOptions } from './cluster-options.ts';
import { standalone } from './standalone.ts';
import { systems } from './systems.ts';
import { type TestGroup, testGroup } from './test-group.ts';

const ask = async (group: TestGroup, node: string, ...words: [string, ...string[]]) =>
  String(await group.node(node).control.call(...words));

const setting = async (group: TestGroup, node: string, name: string) =>
  ((await group.node(node).control.config('GET', name)) as string[])[1];

/** A key for each slot. */
function keysOfAllSlots(): string[] {
  const keys = new Map<number, string>();
  for (let i = 0; keys.size < SLOT_COUNT; i++) {
    const slot = slotOf(`all:${i}`);
    if (!keys.has(slot)) keys.set(slot, `all:${i}`);
  }
  return [...keys.values()];
}

/** Asks every node itself whether the cluster is what was ordered, item by item, and writes to every slot. */
async function mustBeWhole(group: TestGroup, primaries: number, replicas: number): Promise<void> {
  const { nodes } = group.topology;
  assert.equal(nodes.length, primaries * (1 + replicas));
  for (const { name } of nodes) {
    const info = await ask(group, name, 'CLUSTER', 'INFO');
    assert.match(info, /cluster_state:ok/, `${name}: ${info}`);
    assert.match(info, new RegExp(`cluster_known_nodes:${nodes.length}\r`), `${name}: ${info}`);
    assert.match(info, new RegExp(`cluster_size:${primaries}\r`), `${name}: ${info}`);
    assert.match(info, /cluster_slots_ok:16384/, `${name}: ${info}`);
    const lines = (await ask(group, name, 'CLUSTER', 'NODES')).trim().split('\n');
    const epochs = lines.filter((line) => /\bmaster\b/.test(line)).map((line) => line.split(' ')[6]);
    assert.equal(
      new Set(epochs).size,
      primaries,
      `distinct epochs of primaries as ${name} has them: ${epochs}`,
    );
    for (const line of lines)
      assert.match(line, /127\.\d\.0\.\d+:6379@16379/, `${name}: ${lines.join('\n')}`);
  }
  for (const [i, { name, announced }] of nodes.entries()) {
    if (i < primaries) {
      assert.equal(await group.info(name, 'role'), 'master', name);
      assert.equal(await group.info(name, 'connected_slaves'), String(replicas), name);
    } else {
      assert.equal(await group.info(name, 'master_link_status'), 'up', name);
      const primary = nodes[i % primaries]?.announced;
      assert.equal(`${await group.info(name, 'master_host')}:6379`, primary, `${name} at ${announced}`);
    }
  }
  const owners = (await group.topology.cluster?.slots()) ?? [];
  assert.deepEqual(
    owners.map(({ owner, replicas }) => [owner, ...replicas]),
    Array.from({ length: primaries }, (_, shard) =>
      nodes.filter((_, i) => i % primaries === shard).map(({ name }) => name),
    ),
  );
  const keys = Map.groupBy(keysOfAllSlots(), (key) => {
    const run = owners.find(({ from, to }) => slotOf(key) >= from && slotOf(key) <= to);
    return run?.owner ?? 'nobody';
  });
  for (const [owner, own] of keys) {
    const pipeline = group.node(owner).control.pipeline();
    for (const key of own) pipeline.set(key, 1);
    for (const [error] of (await pipeline.exec()) ?? []) assert.equal(error, null);
    await pipeline.exec();
  }
}

const whole =
  (options: ClusterOptions, primaries: number, replicas: number): Case =>
  async (context) => {
    await mustBeWhole(await testGroup(context, cluster(options)), primaries, replicas);
  };

const kill = async (group: TestGroup, node: string) => {
  const { process } = group.node(node);
  process?.signal('SIGKILL');
  await process?.exited;
};

export const cases: Readonly<Record<string, Case>> = {
  'the default is whole when it is ready': async (context) => {
    const group = await testGroup(context, cluster(), { clientHosts: ['client-1'] });
    await mustBeWhole(group, 3, 1);
    assert.equal((await group.topology.primary())?.name, 'redis-1');
    const { endpoint } = group.topology;
    assert('cluster' in endpoint);
    assert.deepEqual(
      endpoint.cluster.map(({ host, port }) => `${host}:${port}`),
      group.topology.nodes.map(({ announced }) => announced),
    );
    assert.equal(await setting(group, 'redis-4', 'cluster-node-timeout'), '1000');
    assert.equal(await setting(group, 'redis-4', 'cluster-replica-no-failover'), 'no');
    // Two ports of five other nodes each from six hosts, of six from the client's.
    assert.equal(group.mesh.links().length, 6 * 10 + 12);
    await until(
      async () => (await group.mesh.proveAlive(group.mesh.links(), 2000)).text === '72 links answering again',
      { what: 'every link to answer, the busses too', withinMs: 20_000 },
    );
  },
  'three primaries without replicas': whole({ replicas: 0 }, 3, 0),
  'four primaries with two replicas each, on four hosts': whole(
    { primaries: 4, replicas: 2, hosts: 4 },
    4,
    2,
  ),
  'with passwords and users': whole(
    { replicas: 1, redis: { user: ['default off', 'app on >pw ~* &* +@all'] } },
    3,
    1,
  ),

  'replicas are named to clients': async (context) => {
    const group = await testGroup(context, cluster({ spareReplicas: 1 }));
    await group.topology.cluster?.namedToClients(20_000);
    for (const { name, control } of group.topology.nodes) {
      const told = (await control.call('CLUSTER', 'SLOTS')) as unknown[][];
      const named = told.map(([, , ...nodes]) => nodes.length).sort();
      assert.deepEqual(named, [2, 2, 3], `what ${name} tells`);
    }
    await kill(group, 'redis-7');
    await assert.rejects(group.topology.cluster?.namedToClients(200) ?? Promise.resolve(), LabError);
  },

  'slots are where they are asked for': async (context) => {
    const slots = {
      'redis-1': [5, [100, 16_383]],
      'redis-2': [[0, 4]],
      'redis-3': [[6, 99]],
    } as const;
    const group = await testGroup(context, cluster({ replicas: 0, slots }));
    const owners = await group.topology.cluster?.slots();
    assert.deepEqual(
      owners?.map(({ from, to, owner }) => `${from}-${to} ${owner}`),
      ['0-4 redis-2', '5-5 redis-1', '6-99 redis-3', '100-16383 redis-1'],
    );
    assert.equal((await group.topology.primary())?.name, 'redis-2');
  },

  'directives reach all nodes, and are what they were after the start': async (context) => {
    const group = await testGroup(
      context,
      cluster({
        redis: { 'cluster-replica-no-failover': 'yes', 'cluster-require-full-coverage': 'no' },
        nodes: { 'redis-5': { 'cluster-replica-validity-factor': 3, 'repl-diskless-sync': 'no' } },
        timing: { nodeTimeoutMs: 1500 },
      }),
    );
    assert.equal(await setting(group, 'redis-1', 'cluster-require-full-coverage'), 'no');
    assert.equal(await setting(group, 'redis-1', 'cluster-replica-no-failover'), 'yes');
    assert.equal(await setting(group, 'redis-1', 'cluster-node-timeout'), '1500');
    assert.equal(await setting(group, 'redis-4', 'cluster-replica-validity-factor'), '10');
    assert.equal(await setting(group, 'redis-5', 'cluster-replica-validity-factor'), '3');
    assert.equal(await setting(group, 'redis-4', 'repl-diskless-sync'), 'yes');
    assert.equal(await setting(group, 'redis-5', 'repl-diskless-sync'), 'no');
  },

  'a replica is promoted, and the old primary comes back as its replica': async (context) => {
    const group = await testGroup(context, cluster());
    await kill(group, 'redis-1');
    // As long as its owner is down and nobody promoted it is not whole, and says why.
    await assert.rejects(
      group.topology.settled(200),
      (error) => error instanceof LabError && /redis-1/.test(error.message),
    );
    await group.topology.settled(30_000);
    const owners = await group.topology.cluster?.slots();
    assert.deepEqual(owners?.[0], { from: 0, to: 5460, owner: 'redis-4', replicas: [] });
    assert.equal((await group.topology.primary())?.name, 'redis-4');
    await group.node('redis-1').start('kept');
    await group.topology.settled(30_000);
    assert.equal(await group.info('redis-1', 'role'), 'slave');
    assert.equal(await group.info('redis-4', 'connected_slaves'), '1');
    assert.deepEqual((await group.topology.cluster?.slots())?.[0]?.replicas, ['redis-1']);
  },

  'a slot that nobody owns, and one on the move, are not whole': async (context) => {
    const group = await testGroup(context, cluster({ replicas: 0 }));
    const id = await ask(group, 'redis-2', 'CLUSTER', 'MYID');
    await ask(group, 'redis-1', 'CLUSTER', 'SETSLOT', '7', 'MIGRATING', id);
    await assert.rejects(group.topology.settled(200), /slot 7 is on the move no more, as redis-1/);
    await ask(group, 'redis-1', 'CLUSTER', 'SETSLOT', '7', 'STABLE');
    await group.topology.settled(20_000);
    const nobodyOwns = async () => {
      // Again, as a message of its owner that was on its way has given it back to whoever had forgotten it already.
      for (const { control } of group.topology.nodes)
        await control.call('CLUSTER', 'DELSLOTS', '7').catch(() => {});
      return (await group.topology.cluster?.slots())?.[1]?.owner === null;
    };
    await until(nobodyOwns, { what: 'slot 7 to have no owner', withinMs: 20_000, everyMs: 50 });
    await assert.rejects(group.topology.settled(200), /owner of slot 7/);
  },

  'a directive that Redis refuses ends it at once, with the line of its log': async (context) => {
    const startedAt = performance.now();
    await assert.rejects(
      testGroup(context, cluster({ nodes: { 'redis-2': { 'cluster-node-timeuot': 5 } } })),
      (error) => error instanceof LabError && /cluster-node-timeuot/.test(error.details.join('\n')),
    );
    assert(performance.now() - startedAt < 8000);
  },

  'two clusters and a server run side by side': async (context) => {
    const parts = { a: cluster({ replicas: 0 }), b: cluster({ replicas: 0 }), c: standalone() };
    const group = await testGroup(context, systems(parts));
    assert.equal((await group.topology.primary())?.name, 'a-redis-1');
    const b = group.topology.systems.get('b');
    assert.deepEqual(
      (await b?.cluster?.slots())?.map(({ owner }) => owner),
      ['b-redis-1', 'b-redis-2', 'b-redis-3'],
    );
    assert.deepEqual((await group.topology.cluster?.slots())?.[0]?.owner, 'a-redis-1');
    assert.match(await ask(group, 'a-redis-1', 'CLUSTER', 'INFO'), /cluster_known_nodes:3\r/);
    await group.topology.settled(20_000);
  },

  'with the stock node timeout it is ready too, within seconds': async (context) => {
    const group = await testGroup(context, cluster(), { timing: 'production' });
    await mustBeWhole(group, 3, 1);
    assert.equal(await setting(group, 'redis-1', 'cluster-node-timeout'), '15000');
    assert(group.readyMs < 5000, `ready after ${group.readyMs.toFixed(0)} ms`);
  },
};
