import { describe, expect, it } from 'vitest';
import { UsageError } from '../common/errors.ts';
import { casesInSandbox } from '../hosts/test-sandbox.ts';
import { cluster } from './cluster.ts';
import { forget } from './cluster-bring-up.ts';
import { clusterNodesOf } from './cluster-nodes.ts';
import type { ClusterOptions } from './cluster-options.ts';
import { clusterPlan } from './cluster-plan.ts';
import type { ClusterEntry } from './cluster-view.ts';
import type { RedisNode } from './redis-node.ts';

const places = (options: ClusterOptions) =>
  cluster(options)
    .plan()
    .nodes.map(({ host }) => host.replace('host-', ''))
    .join(' ');

describe('a plan', () => {
  it('is three primaries with a replica each on hosts of their own, with two ports each', () => {
    const plan = cluster().plan();
    expect(plan.text).toBe('cluster of 3 primaries, 1 replica each');
    expect(plan.hosts.map(({ name }) => name)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `host-${n}`));
    expect(plan.nodes[5]).toEqual({
      name: 'redis-6',
      kind: 'redis',
      host: 'host-6',
      ports: { client: 6379, bus: 16379 },
    });
    const { shards } = clusterPlan({});
    expect(shards.map(({ replicas }) => replicas)).toEqual([['redis-4'], ['redis-5'], ['redis-6']]);
    expect(shards.map(({ slots }) => slots)).toEqual([[[0, 5460]], [[5461, 10922]], [[10923, 16383]]]);
  });

  it('puts nobody beside a node of his shard, and no primary beside another', () => {
    expect(places({ hosts: 3 })).toBe('1 2 3 2 3 1');
    expect(places({ hosts: 3, replicas: 2 })).toBe('1 2 3 2 3 1 3 1 2');
    expect(places({ hosts: 4 })).toBe('1 2 3 4 3 4');
  });

  it('deals out further replicas in turn', () => {
    const { plan, shards } = clusterPlan({ spareReplicas: 2 });
    expect(plan.text).toBe('cluster of 3 primaries, 1 replica each, 2 more');
    expect(shards.map(({ replicas }) => replicas)).toEqual([
      ['redis-4', 'redis-7'],
      ['redis-5', 'redis-8'],
      ['redis-6'],
    ]);
    expect(places({ spareReplicas: 1 })).toBe('1 2 3 4 5 6 7');
    expect(places({ hosts: 3, spareReplicas: 1 })).toBe('1 2 3 2 3 1 3');
  });

  it('spreads shards over zones', () => {
    const zones = { a: ['host-1', 'host-4'], b: ['host-2', 'host-5'], c: ['host-3', 'host-6'] };
    const plan = cluster({ zones }).plan();
    const zoneOf = (name: string) =>
      plan.hosts.find((host) => host.name === plan.nodes.find((node) => node.name === name)?.host)?.zone;
    for (const [primary, replica] of [1, 2, 3].map((n) => [`redis-${n}`, `redis-${n + 3}`] as const)) {
      expect(zoneOf(replica)).not.toBe(zoneOf(primary));
    }
    expect(new Set(plan.nodes.map(({ host }) => host)).size).toBe(6);
  });

  it('puts together what it is asked to', () => {
    expect(places({ placement: { 'redis-4': 'host-1', 'redis-2': 'host-1' } })).toBe('1 1 3 1 5 6');
    expect(
      places({ replicas: 0, hosts: 1, placement: { 'redis-1': 'a', 'redis-2': 'a', 'redis-3': 'a' } }),
    ).toBe('a a a');
  });

  it.each<[ClusterOptions, RegExp]>([
    [{ primaries: 2 }, /cluster\(\): primaries: expected a whole number from 3 to 50, got 2/],
    [{ replicas: -1 }, /replicas: expected a whole number from 0/],
    [{ primaries: 20, replicas: 2 }, /primaries and replicas together: .* to 50, got 60/],
    [{ hosts: 2 }, /hosts: expected at least 3, one for each primary, got 2; put .* by placement/],
    [{ hosts: 3, replicas: 3 }, /replicas: expected at most 2 for each primary on 3 hosts.*got 3/],
    [{ hosts: 3, replicas: 2, spareReplicas: 1 }, /replicas: expected at most 2 for each primary.*got 3/],
    [{ spareReplicas: -1 }, /spareReplicas: expected a whole number from 0/],
    [{ placement: { 'redis-7': 'host-1' } }, /placement: there is no node "redis-7"/],
    [{ nodes: { 'redis-0': {} } }, /nodes: there is no node "redis-0"/],
    [{ zones: { a: ['host-7'] } }, /zones: there is no host "host-7"/],
    [{ slots: { 'redis-4': [1] } }, /slots: there is no primary "redis-4"/],
    [
      { slots: { 'redis-1': [[0, 9]], 'redis-2': [[9, 99]], 'redis-3': [[100, 16383]] } },
      /slot 9 of redis-1 and of redis-2; a slot has one owner/,
    ],
    [
      { slots: { 'redis-1': [[0, 9]], 'redis-2': [[12, 99]], 'redis-3': [[100, 16383]] } },
      /expected an owner for every slot, got none for slots 10 to 11/,
    ],
    [
      { slots: { 'redis-1': [[0, 9]], 'redis-2': [[10, 99]], 'redis-3': [[100, 16382]] } },
      /got none for slot 16383/,
    ],
    [{ slots: { 'redis-1': [[0, 16383]] } }, /expected at least one slot for redis-2, got none/],
    [
      { slots: { 'redis-1': [16384], 'redis-2': [1], 'redis-3': [2] } },
      /redis-1: expected slots from 0 to 16383, got 16384/,
    ],
    [
      { slots: { 'redis-1': [[5, 4]], 'redis-2': [1], 'redis-3': [2] } },
      /expected slots from 0 to 16383, got 5 to 4/,
    ],
  ])('refuses %j', (options, message) => {
    expect(() => cluster(options)).toThrow(UsageError);
    expect(() => cluster(options)).toThrow(message);
  });
});

it('reads CLUSTER NODES', () => {
  const text = [
    'aa 127.1.0.11:6379@16379 myself,master - 0 0 3 connected 0-5 7 [8->-bb] [9-<-cc]',
    'bb 127.1.0.12:6379@16379,some.host,shard-id=x slave,fail? aa 12 13 3 disconnected',
    'cc :0@0 master,noaddr - 0 0 0 disconnected',
    '',
  ].join('\n');
  expect(clusterNodesOf(text)).toEqual([
    {
      id: 'aa',
      ip: '127.1.0.11',
      port: 6379,
      flags: ['myself', 'master'],
      primaryId: null,
      configEpoch: 3,
      linked: true,
      slots: [
        [0, 5],
        [7, 7],
      ],
      moving: [
        { slot: 8, direction: 'to', id: 'bb' },
        { slot: 9, direction: 'from', id: 'cc' },
      ],
    },
    {
      id: 'bb',
      ip: '127.1.0.12',
      port: 6379,
      flags: ['slave', 'fail?'],
      primaryId: 'aa',
      configEpoch: 3,
      linked: false,
      slots: [],
      moving: [],
    },
    {
      id: 'cc',
      ip: '',
      port: 0,
      flags: ['master', 'noaddr'],
      primaryId: null,
      configEpoch: 0,
      linked: false,
      slots: [],
      moving: [],
    },
  ]);
});

describe('forgetting placeholders', () => {
  const entry = (name: string | null, slots: number, primary: string | null = null): ClusterEntry => ({
    ...{ id: `id of ${name ?? 'placeholder'}`, ip: '', port: 0, flags: [], configEpoch: 0, linked: true },
    ...{ name, primary, slots: slots === 0 ? [] : [[0, slots - 1]], moving: [] },
  });
  const orders = async (self: ClusterEntry, ...others: ClusterEntry[]) => {
    const told: string[] = [];
    const node = {
      name: self.name,
      control: { call: async (...words: string[]) => void told.push(words.slice(1).join(' ')) },
    } as unknown as RedisNode;
    const view = { opinion: async () => ({ node, self, entries: [self, ...others] }) };
    return [await forget(node, ['id of placeholder'], 'redis-1', view), ...told];
  };

  it('waits until they have nothing', async () => {
    const unborn = entry('redis-4', 0);
    expect(await orders(unborn, entry(null, 9), entry('redis-1', 0))).toEqual([false]);
    expect(await orders(unborn, entry(null, 0), entry('redis-1', 0))).toEqual([false]);
  });

  it('sends a replica that went back to one to its primary', async () => {
    expect(await orders(entry('redis-4', 0), entry(null, 0), entry('redis-1', 9))).toEqual([
      false,
      'REPLICATE id of redis-1',
    ]);
  });

  it.each([entry('redis-4', 0, 'redis-1'), entry('redis-1', 9)])('is done by who is born', async (self) => {
    expect(await orders(self, entry(null, 0))).toEqual([true, 'FORGET id of placeholder']);
    expect(await orders(self)).toEqual([true]);
  });
});

await casesInSandbox(new URL('./cluster.cases.ts', import.meta.url), { asUser: true });
