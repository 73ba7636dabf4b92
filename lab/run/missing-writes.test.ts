import { expect, test } from 'vitest';
import { slotOf } from '../common/key-slot.ts';
import type { RunningTopology, SlotOwners, TopologyNode } from '../topology/topology.ts';
import { keysOf } from '../workload/keys-of.ts';
import { addToSet } from '../workload/spec.ts';
import type { Load } from './02-warm-up.ts';
import { missingWrites } from './missing-writes.ts';

/** A node that has 10 members of each key that is its own, and refuses the others. */
function node(name: string, isOwn: (key: string) => boolean): TopologyNode {
  const scard = (key: string) =>
    isOwn(key) ? Promise.resolve(10) : Promise.reject(new Error(`MOVED ${slotOf(key)}`));
  return { name, process: { exit: null }, control: { scard } } as unknown as TopologyNode;
}
const [low, high] = [
  node('redis-1', (key) => slotOf(key) < 8192),
  node('redis-2', (key) => slotOf(key) >= 8192),
];
const set = addToSet({ name: 'w', keys: 20 });
const load = { groups: [{ name: 'w', tally: { ok: 207, fail: 0, info: 0 } }] } as unknown as Load;

function cluster(owners: SlotOwners): RunningTopology {
  return {
    nodes: [low, high],
    systems: new Map(),
    primary: () => Promise.resolve(low),
    cluster: { slots: () => Promise.resolve(owners) },
  } as unknown as RunningTopology;
}
const run = (from: number, to: number, owner: string | null) => ({ from, to, owner, replicas: [] });

test('in a cluster each key is asked for at its owner', async () => {
  expect(new Set(keysOf(set).keys.map((key) => slotOf(key) < 8192)).size).toBe(2);
  const both = cluster([run(0, 8191, 'redis-1'), run(8192, 16_383, 'redis-2')]);
  expect(await missingWrites(both, load, [set])).toBe(7);
});

test('nobody can tell while a key’s slot has no owner, or one that does not run', async () => {
  const half = cluster([run(0, 8191, 'redis-1'), run(8192, 16_383, null)]);
  expect(await missingWrites(half, load, [set])).toBeNull();
  const gone = cluster([run(0, 8191, 'redis-1'), run(8192, 16_383, 'redis-3')]);
  expect(await missingWrites(gone, load, [set])).toBeNull();
});
