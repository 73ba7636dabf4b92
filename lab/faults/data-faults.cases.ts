import assert from 'node:assert/strict';
import { until } from '../common/until.ts';
import type { Case } from '../hosts/test-cases.ts';
import { standalone } from '../topology/standalone.ts';
import { systems } from '../topology/systems.ts';
import { type TestGroup, testGroup } from '../topology/test-group.ts';
import { faults } from './faults.ts';
import { reach, Stranger } from './reach.ts';
import { heal, inject, mustBeRefused } from './test-inject.ts';

const CLIENTS = { clientHosts: ['client-1'] } as const;

/** A stranger on a client host against one server, with and without a password. */
const stranger =
  (requirepass: string, answer: RegExp, text: RegExp, keysLeft: number): Case =>
  async (context) => {
    const group = await testGroup(context, standalone({ redis: { requirepass } }), CLIENTS);
    await group.node('redis-1').control.set('key', 'value');
    const injected = await inject(group, faults.flushAsStranger('primary'));
    assert.match(injected.proof.text, answer);
    assert.match(injected.text, text);
    assert.deepEqual(injected.refusedBy, keysLeft > 0 ? ['redis-1'] : []);
    assert.equal(await group.node('redis-1').control.dbsize(), keysLeft);
    await heal(injected);
  };

/** The server hears of a closed connection when the link's proxy has passed it on: later than the heal's end. */
const mostAreGone = (group: TestGroup) =>
  until(async () => Number(await group.info('redis-1', 'connected_clients')) < 10, {
    what: 'the server to have seen the connections closed',
    withinMs: 15_000,
  });

export const cases: Readonly<Record<string, Case>> = {
  'flush empties a server and its replicas, not another system': async (context) => {
    const parts = { a: standalone({ replicas: 1 }), b: standalone() };
    const group = await testGroup(context, systems(parts));
    await group.node('a-redis-1').control.mset('one', 1, 'two', 2);
    assert.equal(await group.node('a-redis-1').control.wait(1, 10_000), 1);
    await group.node('b-redis-1').control.set('three', 3);
    const injected = await inject(group, faults.flush('primary of a'));
    assert.match(injected.proof.text, /had 2 keys, then 0/);
    assert.equal(await group.node('a-redis-1').control.wait(1, 10_000), 1);
    assert.equal(await group.node('a-redis-2').control.dbsize(), 0);
    assert.equal(await group.node('b-redis-1').control.dbsize(), 1);
    await heal(injected);
  },

  'flush of an empty server, of a replica and of a dead one is refused': async (context) => {
    const group = await testGroup(context, standalone({ replicas: 1 }));
    await mustBeRefused(group, faults.flush('primary'), /had 0 keys/);
    await group.node('redis-1').control.set('key', 'value');
    await mustBeRefused(group, faults.flush('a replica'), /READONLY/);
    assert.equal(await group.node('redis-1').control.dbsize(), 1);
    const { process } = group.node('redis-1');
    process?.signal('SIGKILL');
    await process?.exited;
    await mustBeRefused(group, faults.flush('node:redis-1'), /redis-1: /);
  },

  'a stranger empties a server without a password': stranger('', /answered \+OK/, /redis-1: done/, 0),
  'a stranger is refused by a server with a password': stranger(
    'secret',
    /answered -NOAUTH/,
    /redis-1: refused/,
    1,
  ),

  'a stranger who does not get through proves nothing': async (context) => {
    const group = await testGroup(context, standalone(), CLIENTS);
    const cut = await inject(group, faults.cutClients());
    await mustBeRefused(group, faults.flushAsStranger('primary'), /answered nothing/);
    await heal(cut);
    await heal(await inject(group, faults.flushAsStranger('primary', { from: 'host:host-1' })));
  },

  'fill forces evictions, and its heal removes what is left when asked': async (context) => {
    const redis = { maxmemory: '4mb', 'maxmemory-policy': 'allkeys-lru', requirepass: 'secret' };
    const group = await testGroup(context, standalone({ redis }), CLIENTS);
    const { control } = group.node('redis-1');
    const sessions = Array.from({ length: 50 }, (_, i) => `session:${i}`);
    await control.mset(sessions.flatMap((key) => [key, 'value']));
    const fill = faults.fill('primary', { megabytes: 8, from: 'clients', removeAtHeal: true });
    const injected = await inject(group, fill);
    assert.match(injected.text, /from client-1/);
    assert(Number(await group.info('redis-1', 'evicted_keys')) > 100);
    const left = await control.exists(sessions);
    assert(left < sessions.length, 'whom it hits is chance, but not that it hits');
    assert((await control.dbsize()) > 100);
    await heal(injected);
    // Sessions alone are left; removing takes memory too, so a few more of them may have gone.
    assert.equal(await control.dbsize(), await control.exists(sessions));
  },

  'fill at a rate, of keys that end by themselves': async (context) => {
    const redis = { maxmemory: '2mb', 'maxmemory-policy': 'volatile-ttl' };
    const group = await testGroup(context, standalone({ redis }));
    await group.node('redis-1').control.set('kept', 'value');
    const fill = faults.fill('primary', { megabytes: 2, valueBytes: 2000, perSecond: 4000, ttlSeconds: 60 });
    const startedAt = performance.now();
    const injected = await inject(group, fill);
    const ms = performance.now() - startedAt;
    assert(ms >= 240, `1000 keys at 4000 a second took ${ms} ms`);
    assert.equal(await group.node('redis-1').control.get('kept'), 'value');
    const key = await group.node('redis-1').control.randomkey();
    await heal(injected);
    assert.notEqual(key, null, 'nothing was removed');
  },

  'fill is refused by a server that evicts nothing, which is a proof, and bites nobody without maxmemory':
    async (context) => {
      const parts = {
        full: standalone({ redis: { maxmemory: '2mb', 'maxmemory-policy': 'noeviction' } }),
        free: standalone(),
      };
      const group = await testGroup(context, systems(parts));
      const injected = await inject(group, faults.fill('primary', { megabytes: 4 }));
      assert.match(injected.proof.text, /then refused: OOM/);
      await mustBeRefused(group, faults.fill('primary of free', { megabytes: 2 }), /0 evicted.*unlimited/);
      const fits = faults.fill('primary of free', { megabytes: 2, mustBite: false });
      assert.match((await inject(group, fits)).proof.text, /2000 keys; 0 evicted/);
    },

  'exhaustConnections opens until the server refuses, and its heal lets others in again': async (context) => {
    const group = await testGroup(context, standalone({ redis: { maxclients: 60 } }), CLIENTS);
    const injected = await inject(group, faults.exhaustConnections('primary', { connections: 200 }));
    assert.match(injected.proof.text, /redis-1 refuses after \d\d: /);
    // One that was closing when the others came may be gone by now.
    assert(Number(await group.info('redis-1', 'connected_clients')) > 55);
    const further = new Stranger(reach(group.node('redis-1'), null, group.surface));
    assert.notEqual(await further.ask('PING', 1000), '+PONG');
    further.close();
    await heal(injected);
    await mostAreGone(group);
  },

  'exhaustConnections counts those that stand; a password does not keep them out': async (context) => {
    const redis = { maxclients: 500, requirepass: 'secret' };
    const group = await testGroup(context, standalone({ redis }), CLIENTS);
    const injected = await inject(group, faults.exhaustConnections('primary', { connections: 150 }));
    assert.match(injected.proof.text, /150 of 150 stand/);
    await heal(injected);
    const cut = await inject(group, faults.cutClients());
    await mustBeRefused(
      group,
      faults.exhaustConnections('primary', { connections: 5 }),
      /refuses after 0: without a word/,
    );
    await heal(cut);
  },

  'leakConnections fills a server and takes what becomes free, until its heal': async (context) => {
    const group = await testGroup(context, standalone({ redis: { maxclients: 40 } }), CLIENTS);
    const node = group.node('redis-1');
    const own = new Stranger(reach(node, null, group.surface));
    assert.equal(await own.ask('PING', 1000), '+PONG');
    const leak = faults.leakConnections('primary', { perSecond: 400, connections: 200 });
    const injected = await inject(group, leak);
    assert.match(injected.proof.text, /took \d\d connections, then refused/);
    own.close();
    const count = async () => Number(await group.info('redis-1', 'connected_clients'));
    const rejected = async () => Number(await group.info('redis-1', 'rejected_connections'));
    const before = await rejected();
    // What was given up is the leak's before long, which is refused again then.
    await until(async () => (await rejected()) > before && (await count()) === 40, {
      what: 'the free place to be taken',
      withinMs: 15_000,
    });
    const late = new Stranger(reach(node, null, group.surface));
    assert.notEqual(await late.ask('PING', 1000), '+PONG');
    late.close();
    await heal(injected);
    await mostAreGone(group);
  },

  'leakConnections does not fill a server that closes idle connections': async (context) => {
    const group = await testGroup(context, standalone({ redis: { maxclients: 250, timeout: 1 } }), CLIENTS);
    const leak = faults.leakConnections('primary', { perSecond: 50, connections: 260 });
    const injected = await inject(group, leak);
    assert.match(injected.proof.text, /took 2[67]\d connections$/);
    // At 50 a second, and none stands for more than 3 s.
    assert(Number(await group.info('redis-1', 'connected_clients')) < 200);
    const { proved, text } = await injected.heal();
    assert(proved);
    assert.match(text, /, 0 refused, [1-9]\d* closed by the server meanwhile/);
  },

  'setConfig changes settings until its heal': async (context) => {
    const group = await testGroup(context, standalone({ replicas: 1 }));
    const get = async (node: string, name: string) =>
      ((await group.node(node).control.config('GET', name)) as string[])[1];
    const before = await get('redis-1', 'save');
    const set = faults.setConfig(['primary', 'replicas'], { maxmemory: '5mb', save: '' });
    const injected = await inject(group, set);
    for (const node of ['redis-1', 'redis-2']) {
      assert.deepEqual([await get(node, 'maxmemory'), await get(node, 'save')], ['5242880', '']);
    }
    await heal(injected);
    assert.deepEqual([await get('redis-1', 'maxmemory'), await get('redis-1', 'save')], ['0', before]);
    await mustBeRefused(group, faults.setConfig('primary', { maxmemory: 0 }), /"0" → "0"/);
    const half = faults.setConfig('primary', { maxmemory: '5mb', 'no-such-thing': 1 });
    await mustBeRefused(group, half, /no-such-thing|Unknown option/i);
    assert.equal(await get('redis-1', 'maxmemory'), '0', 'what was set before the refusal is taken back');
  },

  'a server that closes idle connections frees itself of them': async (context) => {
    const group = await testGroup(context, standalone({ redis: { timeout: 1 } }), CLIENTS);
    const injected = await inject(group, faults.exhaustConnections('primary', { connections: 20 }));
    const count = async () => Number(await group.info('redis-1', 'connected_clients'));
    assert((await count()) > 20);
    // A server that closes idle connections (clients are looked at over 1 s) heals itself.
    await until(async () => (await count()) < 20, { what: 'it to be free of them', withinMs: 15_000 });
    await heal(injected);
  },
};
