import assert from 'node:assert/strict';
import { slotOf } from '../common/key-slot.ts';
import { until } from '../common/until.ts';
import type { Case, CaseContext } from '../hosts/test-cases.ts';
import { cluster } from '../topology/cluster.ts';
import { standalone } from '../topology/standalone.ts';
import { systems } from '../topology/systems.ts';
import { type TestGroup, testGroup } from '../topology/test-group.ts';
import { faults } from './faults.ts';
import { nodesOf, type Targets } from './target.ts';
import { heal, inject, mustBeRefused } from './test-inject.ts';

const PRIMARIES = cluster({ replicas: 0 });

const names = async (group: TestGroup, targets: Targets) =>
  (await nodesOf(targets, group.surface)).map(({ name }) => name).join(' ');

const owner = async (group: TestGroup, slot: number) =>
  (await group.topology.cluster?.slots())?.find(({ from, to }) => from <= slot && slot <= to)?.owner;

/** The majority hears of it with the next gossip. */
const owned = (group: TestGroup, slot: number, name: string) =>
  until(async () => (await owner(group, slot)) === name, {
    what: `${name} to own slot ${slot}, as the majority has it`,
    withinMs: 30_000,
  });

const state = async (group: TestGroup, node: string) =>
  /cluster_state:(\w+)/.exec(String(await group.node(node).control.call('CLUSTER', 'INFO')))?.[1];

/** Links that do not answer; asked three times, for the machine may be busy. */
const silent = async (group: TestGroup, port: string) => {
  let links = group.mesh.links().filter((link) => link.port === port);
  for (let round = 0; round < 3; round++) {
    const trips = await group.mesh.roundTrips(links, 300);
    links = links.filter((_, i) => trips[i] === null);
  }
  return links.map(({ observer, node }) => `${observer}>${node}`);
};

/** A move that was halted after 12 of 25 keys, and whose source was replaced after that. */
const moveWithoutSource = async (context: CaseContext) => {
  const group = await testGroup(context, cluster());
  const slot = slotOf('{b}');
  const from = (await owner(group, slot)) ?? '';
  const to = from === 'redis-3' ? 'redis-1' : 'redis-3';
  for (let i = 0; i < 25; i++) await group.node(from).control.set(`{b}:${i}`, i);
  const injected = await inject(
    group,
    faults.moveSlots({ slots: [slot], to: `node:${to}`, haltAfterKeys: 12 }),
  );
  await inject(group, faults.clusterFailover(`replicas of slot ${slot}`));
  return { group, slot, from, to, injected };
};

const ACROSS = ['host-1>redis-2', 'host-1>redis-3', 'host-2>redis-1', 'host-3>redis-1'];

export const cases: Readonly<Record<string, Case>> = {
  'roles of a cluster are found': async (context) => {
    const group = await testGroup(context, systems({ cache: standalone(), shards: cluster() }));
    const key = 'user:{a:1}';
    const of = await owner(
      { ...group, topology: group.topology.systems.get('shards') ?? group.topology },
      slotOf(key),
    );
    assert.equal(await names(group, `primary of key ${key}`), of);
    assert.equal(await names(group, 'primary of slot 5461'), 'shards-redis-2');
    assert.equal(await names(group, 'replicas of slot 16383'), 'shards-redis-6');
    assert.equal(await names(group, 'a replica of node shards-redis-1'), 'shards-redis-4');
    assert.equal(await names(group, 'primaries of shards'), 'shards-redis-1 shards-redis-2 shards-redis-3');
    assert.equal(await names(group, 'a majority of primaries of shards'), 'shards-redis-1 shards-redis-2');
    assert.equal(await names(group, 'a minority of primaries of shards'), 'shards-redis-3');
    assert.equal(await names(group, 'replicas of shards'), 'shards-redis-4 shards-redis-5 shards-redis-6');
    assert.equal(await names(group, 'primary of shards'), 'shards-redis-1');
    await assert.rejects(names(group, 'primaries'), /expected a cluster, got cache-redis-1/);
    await assert.rejects(names(group, 'primary of slot 16384'), /from 0 to 16383, got 16384/);
  },

  'the bus alone is cut, and the rest alone': async (context) => {
    const group = await testGroup(context, PRIMARIES);
    const bus = await inject(group, faults.isolate('primary', { port: 'bus' }));
    assert.deepEqual((await silent(group, 'bus')).sort(), ACROSS);
    assert.deepEqual(await silent(group, 'client'), []);
    await until(async () => (await state(group, 'redis-1')) === 'fail', {
      what: 'a primary in a minority to stop',
      withinMs: 20_000,
    });
    await heal(bus);
    await group.topology.settled(20_000);
    const data = await inject(group, faults.isolate('primary', { port: 'client', by: 'packets' }));
    assert.deepEqual((await silent(group, 'client')).sort(), ACROSS);
    assert.deepEqual(await silent(group, 'bus'), []);
    await heal(data);
  },

  'a replica takes over by hand, in three forms; a primary and an ineligible one are refused': async (
    context,
  ) => {
    const group = await testGroup(context, cluster());
    await inject(group, faults.clusterFailover('replicas of slot 0'));
    await owned(group, 0, 'redis-4');
    await inject(group, faults.clusterFailover('node:redis-5', { form: 'force' }));
    await inject(group, faults.clusterFailover('node:redis-6', { form: 'takeover' }));
    await group.topology.settled(20_000);
    assert.equal(await names(group, 'primaries'), 'redis-4 redis-5 redis-6');
    await mustBeRefused(group, faults.clusterFailover('node:redis-4'), /redis-4: ERR/);
    const unfit = await inject(
      group,
      faults.setConfig('replicas of slot 0', { 'cluster-replica-no-failover': 'yes' }),
    );
    group.node('redis-4').process?.signal('SIGKILL');
    await until(async () => (await state(group, 'redis-5')) === 'fail', {
      what: 'the shard to be lost',
      withinMs: 20_000,
    });
    assert.equal(await group.info('redis-1', 'role'), 'slave');
    await heal(unfit);
    await owned(group, 0, 'redis-1');
  },

  'slots are moved with their keys': async (context) => {
    const group = await testGroup(context, cluster({ replicas: 0, redis: { requirepass: 'x' } }));
    const key = (i: number) => `key:{b}:${i}`;
    const slot = slotOf(key(0));
    const from = (await owner(group, slot)) ?? '';
    const to = from === 'redis-3' ? 'redis-1' : 'redis-3';
    for (let i = 0; i < 25; i++) await group.node(from).control.set(key(i), i);
    const injected = await inject(group, faults.moveSlots({ slots: [{ key: key(0) }], to: `node:${to}` }));
    assert.match(injected.proof.text, /^25 keys moved/);
    await heal(injected);
    await owned(group, slot, to);
    assert.equal(await group.node(to).control.get(key(24)), '24');
    assert.equal(await group.node(from).control.dbsize(), 0);
    await group.topology.settled(20_000);
  },

  'a move halts half-way and is resumed': async (context) => {
    const group = await testGroup(context, PRIMARIES);
    const slot = slotOf('{b}');
    const from = (await owner(group, slot)) ?? '';
    const to = from === 'redis-3' ? 'redis-1' : 'redis-3';
    for (let i = 0; i < 25; i++) await group.node(from).control.set(`{b}:${i}`, i);
    const options = { slots: [slot], to: `node:${to}`, haltAfterKeys: 12 } as const;
    const injected = await inject(group, faults.moveSlots(options));
    assert.equal(await group.node(to).control.dbsize(), 12);
    assert.equal(await owner(group, slot), from, 'the old one owns it until the end');
    const answers = await Promise.all(
      Array.from({ length: 25 }, (_, i) => group.node(from).control.get(`{b}:${i}`).catch(String)),
    );
    assert.equal(answers.filter((answer) => /ASK/.test(`${answer}`)).length, 12);
    await assert.rejects(group.topology.settled(300), new RegExp(`slot ${slot} is on the move no more`));
    await heal(injected);
    await owned(group, slot, to);
    assert.equal(await group.node(to).control.dbsize(), 25);
    await group.topology.settled(20_000);
    const empty = await inject(group, faults.moveSlots({ slots: [0], to: 'node:redis-2' }));
    assert.match(empty.proof.text, /^0 keys moved/);
    await mustBeRefused(group, faults.moveSlots({ ...options, slots: [1] }), /there was no key to move/);
    await assert.rejects(
      inject(group, faults.moveSlots({ slots: [0], to: 'node:redis-2' })),
      /another owner of slot 0/,
    );
  },

  'a move whose source was replaced is given up, and its keys stay behind': async (context) => {
    const { group, slot, injected } = await moveWithoutSource(context);
    await heal(injected);
    assert.match(
      (await injected.heal()).text,
      new RegExp(`^given up: slot ${slot} is owned by redis-\\d, 12 of its keys`),
    );
    await group.topology.settled(20_000);
  },

  'a move whose source was replaced by a node that knows of it is completed from there': async (context) => {
    const { group, slot, from, to, injected } = await moveWithoutSource(context);
    const heir = await until(
      async () => {
        const name = await owner(group, slot);
        return name !== undefined && name !== null && name !== from && group.node(name);
      },
      { what: 'the others to hear of it', withinMs: 20_000 },
    );
    // What Valkey's replicas know by themselves, Redis' have to be told.
    const id = String(await group.node(to).control.call('CLUSTER', 'MYID'));
    await heir.control.call('CLUSTER', 'SETSLOT', String(slot), 'MIGRATING', id);
    await heal(injected);
    assert.match((await injected.heal()).text, /^resumed: 13 more keys moved/);
    assert.equal(await owner(group, slot), to);
    assert.equal(await group.node(to).control.dbsize(), 25);
    await group.topology.settled(20_000);
  },

  'a node is forgotten and met again': async (context) => {
    const group = await testGroup(context, cluster());
    const injected = await inject(group, faults.forget('node:redis-1'));
    assert.deepEqual(injected.refusedBy, ['redis-4']);
    assert.match(injected.proof.text, /redis-4: ERR Can't forget my master/);
    const nodes = String(await group.node('redis-2').control.call('CLUSTER', 'NODES'));
    assert(!nodes.includes(group.node('redis-1').announced));
    await heal(injected);
    await group.topology.settled(20_000);
  },

  'slots are left without owner, and get it back': async (context) => {
    const group = await testGroup(context, PRIMARIES);
    const injected = await inject(group, faults.deleteSlots([[0, 9], 16_383]));
    assert.equal(await owner(group, 5), null);
    assert.equal(await owner(group, 10), 'redis-1');
    await until(async () => (await state(group, 'redis-2')) === 'fail', { what: 'fail', withinMs: 20_000 });
    await heal(injected);
    await owned(group, 5, 'redis-1');
    await owned(group, 16_383, 'redis-3');
    await group.topology.settled(20_000);
  },
};
