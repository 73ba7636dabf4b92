import assert from 'node:assert/strict';
import { LabError } from '../common/errors.ts';
import { until } from '../common/until.ts';
import type { Case, CaseContext } from '../hosts/test-cases.ts';
import { SENTINEL_GROUP, type SentinelOptions } from './sentinel-options.ts';
import { type TestGroup, testGroup } from './test-group.ts';

/** Asks every node itself whether the group is what was ordered, item by item. */
async function mustBeWhole(group: TestGroup, replicas: number, sentinels: number): Promise<void> {
  const { nodes } = group.topology;
  const data = nodes.filter((node) => node.kind === 'redis');
  const watchers = nodes.filter((node) => node.kind === 'sentinel');
  assert.deepEqual([data.length, watchers.length], [replicas + 1, sentinels]);
  assert.equal((await group.topology.primary())?.name, 'redis-1');
  assert.equal(await group.info('redis-1', 'connected_slaves'), String(replicas));
  for (let i = 0; i < replicas; i++) {
    assert.match(
      (await group.info('redis-1', `slave${i}`)) ?? '',
      /^ip=127\.1\.0\.\d+,port=6379,state=online/,
    );
    assert.equal(await group.info(`redis-${i + 2}`, 'master_link_status'), 'up');
    assert.equal(await group.info(`redis-${i + 2}`, 'master_host'), group.book.node('redis-1').announced);
  }
  for (const watcher of watchers) {
    const ask = async (what: string) =>
      ((await watcher.control.call('SENTINEL', what, SENTINEL_GROUP)) as string[][]).map(record);
    const known = await ask('REPLICAS');
    assert.deepEqual(
      known.map((one) => `${one.ip} ${one.flags} ${one['master-link-status']}`).sort(),
      data.slice(1).map((node) => `${group.book.node(node.name).announced} slave ok`),
    );
    const others = await ask('SENTINELS');
    assert.deepEqual(
      others.map((one) => `${one.ip} ${one.flags}`).sort(),
      watchers
        .filter((one) => one !== watcher)
        .map((node) => `${group.book.node(node.name).announced} sentinel`),
    );
    assert.match(String(await watcher.control.call('SENTINEL', 'CKQUORUM', SENTINEL_GROUP)), /^OK/);
  }
  assert.equal(await group.node('redis-1').control.set('a', 1), 'OK');
  if (replicas > 0) assert.equal(await group.node('redis-1').control.wait(replicas, 10_000), replicas);
}

/** Sentinel's flat list of names and values. */
function record(list: readonly string[]): Record<string, string> {
  return Object.fromEntries(list.flatMap((name, i) => (i % 2 === 0 ? [[name, list[i + 1] ?? '']] : [])));
}

const whole =
  (options: SentinelOptions, replicas: number, sentinels: number): Case =>
  async (context) => {
    await mustBeWhole(await testGroup(context, options), replicas, sentinels);
  };

/** What starting a group ends with, and after how long. */
async function failureOf(context: CaseContext, options: SentinelOptions) {
  const startedAt = performance.now();
  const error: unknown = await testGroup(context, options).then(
    () => null,
    (reason: unknown) => reason,
  );
  assert(error instanceof LabError, `expected a LabError, got ${error}`);
  return { error, ms: performance.now() - startedAt };
}

/** A write that is acknowledged as soon as the group is ready has to be on every replica at once. */
const follows: Case = async (context) => {
  const group = await testGroup(context);
  await group.node('redis-1').control.set('key', 'value');
  // A replica that has not told its primary yet that it is ready waits a second for it.
  for (const name of ['redis-2', 'redis-3']) {
    const has = async () => (await group.node(name).control.get('key')) === 'value';
    await until(has, { what: `${name} to have what was written`, withinMs: 500 });
  }
};

export const cases: Readonly<Record<string, Case>> = {
  'the default is whole when it is ready': whole({}, 2, 3),
  'replicas follow from the first write on': follows,
  'one primary alone with one Sentinel': whole({ replicas: 0, sentinels: 1 }, 0, 1),
  'four replicas with five Sentinels': whole({ replicas: 4, sentinels: 5 }, 4, 5),
  'everything on one host': whole(
    {
      replicas: 1,
      placement: {
        'redis-1': 'box',
        'redis-2': 'box',
        'sentinel-1': 'box',
        'sentinel-2': 'box',
        'sentinel-3': 'box',
      },
    },
    1,
    3,
  ),
  'all Sentinels on a host of their own': whole(
    { placement: { 'sentinel-1': 'watch', 'sentinel-2': 'watch', 'sentinel-3': 'watch' } },
    2,
    3,
  ),
  'a write that needs replicas is accepted when the group is ready': whole(
    { redis: { 'min-replicas-to-write': 2, 'min-replicas-max-lag': 1 } },
    2,
    3,
  ),

  'directives reach all nodes, and those for one node come over them': async (context) => {
    const group = await testGroup(context, {
      redis: { 'repl-backlog-size': '2mb', 'replica-priority': 50, save: '' },
      sentinel: { 'parallel-syncs': 2 },
      quorum: 3,
      timing: { downAfterMs: 1500 },
      nodes: { 'redis-2': { 'replica-priority': 0 }, 'sentinel-2': { 'failover-timeout': 9000 } },
    });
    const setting = async (node: string, name: string) =>
      ((await group.node(node).control.config('GET', name)) as string[])[1];
    assert.equal(await setting('redis-1', 'repl-backlog-size'), String(2 * 1024 * 1024));
    assert.equal(await setting('redis-1', 'save'), '');
    assert.equal(await setting('redis-2', 'replica-priority'), '0');
    assert.equal(await setting('redis-3', 'replica-priority'), '50');
    const monitored = async (node: string) => {
      const flat = (await group.node(node).control.call('SENTINEL', 'MASTER', SENTINEL_GROUP)) as string[];
      const value = (name: string) => flat[flat.indexOf(name) + 1];
      return ['parallel-syncs', 'failover-timeout', 'down-after-milliseconds', 'quorum'].map(value);
    };
    assert.deepEqual(await monitored('sentinel-1'), ['2', '4000', '1500', '3']);
    assert.deepEqual(await monitored('sentinel-2'), ['2', '9000', '1500', '3']);
  },

  'a directive that Redis refuses ends it at once, with the line of its log': async (context) => {
    const { error, ms } = await failureOf(context, { nodes: { 'redis-2': { maxmemroy: '1gb' } } });
    assert.match(error.message, /redis-2/);
    assert.match(error.details.join('\n'), /maxmemroy.*Bad directive/s);
    // By its own exit, not by giving up on it after 10 s.
    assert(ms < 8000, `after ${ms.toFixed(0)} ms`);
  },

  'a directive that Sentinel refuses ends it at once, with the line of its log': async (context) => {
    const { error, ms } = await failureOf(context, { sentinel: { 'failover-timeout': 'soon' } });
    assert.match(error.message, /sentinel-\d/);
    assert.match(error.details.join('\n'), /failover-timeout lab soon/);
    // By its own exit, not by giving up on it after 10 s.
    assert(ms < 8000, `after ${ms.toFixed(0)} ms`);
  },

  'a restarted node has its data, or not': async (context) => {
    const group = await testGroup(context, { replicas: 0, sentinels: 1, redis: { appendonly: 'yes' } });
    const node = group.node('redis-1');
    const restart = async (data: 'kept' | 'lost') => {
      node.process?.signal('SIGKILL');
      await node.process?.exited;
      await node.start(data);
      await node.accepting(5000);
      return node.control.get('key');
    };
    await node.control.set('key', 'value');
    assert.equal(await restart('kept'), 'value');
    assert.equal(await restart('lost'), null);
    await group.topology.settled(20_000);
  },

  'a restarted replica finds its primary again': async (context) => {
    const group = await testGroup(context, { replicas: 1, sentinels: 1 });
    const replica = group.node('redis-2');
    replica.process?.signal('SIGKILL');
    await replica.process?.exited;
    await replica.start('lost');
    await group.topology.settled(30_000);
    await mustBeWhole(group, 1, 1);
  },

  'it is not whole while a replica hangs, and says so': async (context) => {
    const group = await testGroup(context);
    group.node('redis-3').process?.signal('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await assert.rejects(group.topology.settled(500), /redis-3/);
    group.node('redis-3').process?.signal('SIGCONT');
    await group.topology.settled(20_000);
  },

  'with the stock periods it is ready too, within seconds': async (context) => {
    const group = await testGroup(context, {}, { timing: 'production' });
    await mustBeWhole(group, 2, 3);
    const { control } = group.node('sentinel-1');
    const periods = record((await control.call('SENTINEL', 'DEBUG')) as string[]);
    const { 'INFO-PERIOD': info, 'PING-PERIOD': ping, 'ASK-PERIOD': ask, 'PUBLISH-PERIOD': hello } = periods;
    assert.deepEqual([info, ping, ask, hello], ['10000', '1000', '1000', '2000']);
    const { control: primary } = group.node('redis-1');
    const sync = record((await primary.config('GET', 'repl-diskless-sync*')) as string[]);
    assert.equal(sync['repl-diskless-sync'], 'yes');
    assert.equal(sync['repl-diskless-sync-delay'], '5');
    assert(group.readyMs < 5000, `ready after ${group.readyMs.toFixed(0)} ms`);
  },
};
