import assert from 'node:assert/strict';
import { Client } from 'pg';
import { sleep } from '../common/clock.ts';
import type { Case, CaseContext } from '../hosts/test-cases.ts';
import type { Link } from '../mesh/link.ts';
import { sentinel } from '../topology/sentinel.ts';
import { standalone } from '../topology/standalone.ts';
import { systems } from '../topology/systems.ts';
import { type TestGroup, testGroup } from '../topology/test-group.ts';
import type { Fault } from './fault.ts';
import { faults } from './faults.ts';
import { hostsOf, nodesOf, type Targets } from './target.ts';
import { heal, inject, mustBeRefused } from './test-inject.ts';
import { tinyApp, tinyDatabase } from './test-services.ts';

/** A cache, an app and a database on hosts of their own, and a client host. */
function shop(context: CaseContext): Promise<TestGroup> {
  const services = [tinyApp(), tinyDatabase(context)];
  return testGroup(context, standalone(), { clientHosts: ['client-1'], services });
}

/** "app-1→redis-1": links that do not answer, or do so later than 150 ms; asked three times, for the machine may be busy. */
async function slowLinks(group: TestGroup): Promise<string[]> {
  const slowOf = async (links: readonly Link[]) => {
    const trips = await group.mesh.roundTrips(links, 500);
    return links.filter((_, i) => (trips[i] ?? Infinity) > 150);
  };
  return (await slowOf(await slowOf(await slowOf(group.mesh.links()))))
    .map((link) => `${link.observer}→${link.node}`)
    .sort();
}

/** A fault that hits these links and no other, proves it, and is healed. */
const hits =
  (fault: Fault, links: string[]): Case =>
  async (context) => {
    const group = await shop(context);
    assert.deepEqual(await slowLinks(group), []);
    const injected = await inject(group, fault);
    assert.deepEqual(await slowLinks(group), links);
    await heal(injected);
    assert.deepEqual(await slowLinks(group), []);
  };

export const cases: Readonly<Record<string, Case>> = {
  'every link answers in the protocol of what is behind it': async (context) => {
    const group = await shop(context);
    const alive = await group.mesh.proveAlive(group.mesh.links(), 2000);
    assert.match(alive.text, /^9 links answering again$/);
    const sizes = await group.mesh.roundTrips(group.mesh.links(), 2000, 8500);
    assert(sizes.every((ms) => ms !== null));
    const large = group.mesh.links().filter((link) => link.node !== 'db-1');
    assert((await group.mesh.roundTrips(large, 2000, 200_000)).every((ms) => ms !== null));
    const toDatabase = group.mesh.links().filter((link) => link.node === 'db-1');
    assert.deepEqual(
      await group.mesh.roundTrips(toDatabase, 200, 20_000),
      toDatabase.map(() => null),
      'PostgreSQL takes no ping of this size',
    );
  },

  'cut between an app and the database': hits(faults.cut({ from: 'apps', to: 'database' }), [
    'app-1→db-1',
    'db-1→app-1',
  ]),
  'cut by dropped packets, one way, from an app to the cache': hits(
    faults.cut({ from: 'an app', to: 'primary', oneWay: true, by: 'packets' }),
    ['app-1→redis-1'],
  ),
  'cut of requests by dropped packets, from an app to the database': hits(
    faults.cut({ from: 'apps', to: 'database', oneWay: true, by: 'packets', streams: 'requests' }),
    ['app-1→db-1'],
  ),
  'isolate an app': hits(faults.isolate('apps'), [
    'app-1→db-1',
    'app-1→redis-1',
    'client-1→app-1',
    'db-1→app-1',
    'host-1→app-1',
  ]),
  'latency to the database': hits(faults.latency({ from: 'apps', to: 'database', latencyMs: 80 }), [
    'app-1→db-1',
  ]),
  'latency to an app': hits(faults.latency({ from: 'clients', to: 'apps', latencyMs: 80 }), [
    'client-1→app-1',
  ]),
  'reset of connections to an app and to the database': hits(
    faults.reset({ from: ['clients', 'apps'], to: ['apps', 'database'] }),
    ['app-1→db-1', 'client-1→app-1', 'client-1→db-1'],
  ),

  'bandwidth and slices on the way to an app and to the database': async (context) => {
    const group = await shop(context);
    const toApp = { from: 'clients', to: 'apps' } as const;
    const toDatabase = { from: 'apps', to: 'database' } as const;
    await heal(await inject(group, faults.bandwidth({ ...toApp, kilobytesPerSecond: 500 })));
    await heal(await inject(group, faults.bandwidth({ ...toDatabase, kilobytesPerSecond: 50 })));
    await heal(await inject(group, faults.slice({ ...toApp, averageBytes: 100, delayUs: 5000 })));
    await heal(await inject(group, faults.slice({ ...toDatabase, averageBytes: 100, delayUs: 5000 })));
  },

  'cuts of links to what is down are refused': async (context) => {
    const group = await shop(context);
    await inject(group, faults.kill(['apps', 'database']));
    const cut = { from: 'clients', oneWay: true } as const;
    await mustBeRefused(group, faults.cut({ ...cut, to: 'database' }), /0 answered before/);
    await mustBeRefused(group, faults.cut({ ...cut, to: 'host:app-1' }), /0 answered before/);
  },

  'kill and restart an app and the database': async (context) => {
    const group = await shop(context);
    const killed = await inject(group, faults.kill(['apps', 'database']));
    assert.deepEqual(killed.targets, ['app-1', 'db-1']);
    await heal(killed);
    assert.deepEqual(await slowLinks(group), []);
    await heal(await inject(group, faults.restart('database', { data: 'kept' })));
    await heal(await inject(group, faults.terminate('database')));
    const crashed = await inject(group, faults.crashHost('database'));
    assert.deepEqual(crashed.targets, ['db-1', 'db-1']);
    await heal(crashed);
    assert.deepEqual(await slowLinks(group), []);
  },

  'pause stops the database with the processes that serve its connections': async (context) => {
    const group = await shop(context);
    const { direct } = group.book.node('db-1');
    const client = new Client({ host: direct, port: 5432, user: 'lab', database: 'postgres' });
    await client.connect();
    await client.query('SELECT 1');
    const injected = await inject(group, faults.pause(['database', 'apps']));
    const query = client.query('SELECT 1');
    assert.equal(await Promise.race([query, sleep(300).then(() => 'silent')]), 'silent');
    await heal(injected);
    assert.equal((await query).rowCount, 1);
    await client.end();
  },

  'orders to Redis are not given to others': async (context) => {
    const group = await shop(context);
    const refused = (fault: Fault) =>
      assert.rejects(fault.inject(group.surface), /expected Redis or Sentinel, got (app-1|db-1), which is/);
    await refused(faults.flush('apps'));
    await refused(faults.debugSleep('database', { seconds: 1 }));
    await refused(faults.setConfig('everybody', { maxmemory: 1 }));
  },

  'targets name systems, apps and the database': async (context) => {
    const parts = { sessions: sentinel({ replicas: 1, sentinels: 1 }), cache: standalone({ replicas: 1 }) };
    const services = [tinyApp('app-1'), tinyApp('app-2')];
    const group = await testGroup(context, systems(parts), { services, clientHosts: ['client-1'] });
    const nodes = async (targets: Targets) =>
      (await nodesOf(targets, group.surface)).map((node) => node.name).join(' ');
    const hosts = async (targets: Targets) =>
      (await hostsOf(targets, group.surface)).map((host) => host.name).join(' ');
    assert.equal(await nodes('primary'), 'sessions-redis-1');
    assert.equal(await nodes('replicas'), 'sessions-redis-2');
    assert.equal(await nodes('primary of sessions'), 'sessions-redis-1');
    assert.equal(await nodes('primary of cache'), 'cache-redis-1');
    assert.equal(await nodes('replicas of cache'), 'cache-redis-2');
    assert.equal(await nodes('a replica of cache'), 'cache-redis-2');
    assert.equal(await nodes('sentinels'), 'sessions-sentinel-1');
    assert.equal(await nodes('sentinels of sessions'), 'sessions-sentinel-1');
    assert.equal(await nodes('system:cache'), 'cache-redis-1 cache-redis-2');
    assert.equal(await hosts('system:sessions'), 'sessions-host-1 sessions-host-2');
    assert.equal(await nodes('apps'), 'app-1 app-2');
    assert.match(await nodes('an app'), /^app-[12]$/);
    assert.equal(await hosts(['apps', 'clients']), 'app-1 app-2 client-1');
    assert.equal(await nodes('host:app-2'), 'app-2');
    assert.equal((await nodes('everybody')).split(' ').length, 7);
    await assert.rejects(nodes('primary of cash'), /no system is called "cash"; did you mean "cache"/);
    await assert.rejects(nodes('system:other'), /there are: sessions, cache/);
    await assert.rejects(nodes('database'), /no node is the database now/);
    await assert.rejects(nodes('sentinels of cache'), /no node is the sentinels of cache now/);
    await inject(group, faults.kill('node:app-1'));
    assert.equal(await nodes('apps'), 'app-2');
    const failover = await inject(group, faults.sentinelFailover({ system: 'sessions' }));
    assert.deepEqual(failover.targets, ['sessions-redis-1', 'sessions-redis-2']);
    await group.topology.settled(30_000);
    const back = await inject(group, faults.coordinatedFailover({ system: 'sessions' }));
    assert.deepEqual(back.targets, ['sessions-redis-2', 'sessions-redis-1']);
    assert.equal(
      await group.info('cache-redis-2', 'master_host'),
      group.book.node('cache-redis-1').announced,
    );
  },
};
