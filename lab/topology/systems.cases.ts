import assert from 'node:assert/strict';
import type { Case } from '../hosts/test-cases.ts';
import { sentinel } from './sentinel.ts';
import { standalone } from './standalone.ts';
import { systems } from './systems.ts';
import { testGroup } from './test-group.ts';

const TWO = {
  sessions: sentinel({ replicas: 1, nodes: { 'redis-2': { 'replica-priority': 7 } } }),
  'a-cache-with-quite-a-long-name': standalone({ redis: { maxmemory: '5mb', requirepass: 'x' } }),
};

export const cases: Readonly<Record<string, Case>> = {
  'two systems run side by side, each with its own data, hosts and endpoint': async (context) => {
    const group = await testGroup(context, systems(TWO), { clientHosts: ['client-1'] });
    assert.equal(group.topology.nodes.length, 6);
    assert.deepEqual([...group.topology.systems.keys()], Object.keys(TWO));
    const cache = group.topology.systems.get('a-cache-with-quite-a-long-name');
    assert(cache);
    assert.equal((await group.topology.primary())?.name, 'sessions-redis-1');
    assert.equal((await cache.primary())?.name, 'a-cache-with-quite-a-long-name-redis-1');
    assert.equal((await cache.primary())?.host.name, 'a-cache-with-quite-a-long-name-host-1');
    assert.equal(
      ((await group.node('sessions-redis-2').control.config('GET', 'replica-priority')) as string[])[1],
      '7',
    );
    assert.equal(
      await group.info('a-cache-with-quite-a-long-name-redis-1', 'maxmemory'),
      String(5 * 1024 * 1024),
    );
    const { announced } = group.book.node('a-cache-with-quite-a-long-name-redis-1');
    assert.deepEqual(cache.endpoint, { host: announced, port: 6379, password: 'x' });
    assert('sentinels' in group.topology.endpoint && group.topology.endpoint.sentinels.length === 3);
    await group.node('sessions-redis-1').control.set('key', 'value');
    assert.equal(await group.node('a-cache-with-quite-a-long-name-redis-1').control.dbsize(), 0);
    await group.topology.settled(20_000);
    const alive = await group.mesh.proveAlive(group.mesh.links(), 5000);
    assert(alive.proved, alive.text);
  },

  'settled means all of them': async (context) => {
    const group = await testGroup(context, systems({ a: standalone(), b: standalone() }));
    const { process } = group.node('b-redis-1');
    process?.signal('SIGKILL');
    await process?.exited;
    await assert.rejects(group.topology.settled(200), /b-redis-1/);
    await group.topology.systems.get('a')?.settled(10_000);
  },

  'a system that does not start ends the others too': async (context) => {
    const parts = { a: standalone(), b: standalone({ redis: { 'no-such-directive': 1 } }) };
    await assert.rejects(testGroup(context, systems(parts)), /b-redis-1 ended with/);
  },

  'systems may share hosts': async (context) => {
    const group = await testGroup(
      context,
      systems({ a: standalone(), b: standalone() }, { shareHosts: true }),
    );
    assert.deepEqual([...group.hosts.keys()], ['host-1']);
    await group.node('a-redis-1').control.set('key', 'value');
    assert.equal(await group.node('b-redis-1').control.dbsize(), 0);
  },
};
