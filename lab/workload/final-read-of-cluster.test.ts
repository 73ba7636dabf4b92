import { afterEach, beforeEach, expect, test } from 'vitest';
import { monotonicMs } from '../common/clock.ts';
import { slotOf } from '../common/key-slot.ts';
import { until } from '../common/until.ts';
import { type ClusterReadOptions, finalReadOfCluster } from './final-read-of-cluster.ts';
import { addToSet } from './spec.ts';
import { type TestServer, TestServers, thirds } from './test-servers.ts';

let servers: TestServers;
let nodes: TestServer[];
beforeEach(async () => {
  servers = new TestServers();
  nodes = await servers.cluster();
});
afterEach(() => servers.end());

const node = (i: number) => nodes[i - 1] as TestServer;
/** One key in each third of the slots. */
const workload = addToSet({ name: 'ids', keys: 3, keySlots: { ranges: thirds } });

function read(change: Partial<ClusterReadOptions> = {}) {
  return finalReadOfCluster(workload, {
    ownerOf: (slot) => `redis-${thirds.findIndex(([from, to]) => slot >= from && slot <= to) + 1}`,
    serverOf: (name) => node(Number(name.slice('redis-'.length))),
    nameOf: (address) => `redis-${nodes.findIndex((one) => one.address === address) + 1}`,
    startOfRunMs: monotonicMs(),
    timeoutMs: 10_000,
    ...change,
  });
}

/** Puts the id i into the key of each third i that there is, and gives the keys. */
async function filled(): Promise<string[]> {
  const { reads } = await read();
  const found = reads.map(({ key }) => key);
  for (const key of found) {
    const owner = thirds.findIndex(([from, to]) => slotOf(key) >= from && slotOf(key) <= to) + 1;
    await node(owner).command('SADD', key, owner);
  }
  return found;
}

test('every key from the node that owns its slot, and from whom that one names', async () => {
  const found = await filled();
  expect(found).toHaveLength(3);
  const byOwner = (await read()).reads.map((one) => [one.node, one.values]);
  const expected = [
    ['redis-1', [1]],
    ['redis-2', [2]],
    ['redis-3', [3]],
  ];
  expect(byOwner.sort()).toEqual(expected);
  // Somebody who is wrong about every owner: MOVED leads there.
  const { reads, unread } = await read({ ownerOf: () => 'redis-2' });
  expect(unread).toEqual([]);
  expect(reads.map((one) => [one.node, one.values]).sort()).toEqual(expected);
});

test('a slot left between two nodes: what has gone over is read there', async () => {
  const key = (await filled()).find((one) => slotOf(one) <= 5460) as string;
  const idOf = async (i: number) => String(await node(i).command('CLUSTER', 'MYID'));
  await node(2).command('CLUSTER', 'SETSLOT', slotOf(key), 'IMPORTING', await idOf(1));
  await node(1).command('CLUSTER', 'SETSLOT', slotOf(key), 'MIGRATING', await idOf(2));
  await node(1).command('MIGRATE', node(2).host, node(2).port, key, 0, 1000);
  const { reads } = await read();
  expect(reads.find((one) => one.key === key)).toMatchObject({ node: 'redis-2', values: [1] });
});

test('a cluster that is down still has its data; a shard that is dead is said to be unread', async () => {
  await filled();
  node(3).process.kill('SIGKILL');
  await until(async () => String(await node(1).command('CLUSTER', 'INFO')).includes('cluster_state:fail'), {
    ...{ what: 'the cluster to be down', withinMs: 30_000 },
  });
  const { reads, unread } = await read();
  expect(reads.map((one) => [one.node, one.values]).sort()).toEqual([
    ['redis-1', [1]],
    ['redis-2', [2]],
  ]);
  expect(unread).toHaveLength(1);
  expect(unread[0]?.why).toMatch(/^redis-3: .*ECONNREFUSED/);
  expect(await node(1).command('CONFIG', 'GET', 'cluster-allow-reads-when-down')).toContain('no');
});
