import { infoOf, onlineReplicas } from './info.ts';
import type { TopologyNode } from './topology.ts';

/** For a write's way to the replicas and back. */
const ACKNOWLEDGE_MS = 50;

/**
 * What a node lacks of a primary that accepts writes and has `replicas` replicas that follow; empty for nothing.
 * `keys` are those that a node of a cluster must accept writes to, each by itself: they lie in its own slots.
 */
export async function whatPrimaryLacks(
  primary: TopologyNode,
  replicas: number,
  keys?: readonly string[],
): Promise<string> {
  const info = infoOf(await primary.control.info('replication'));
  if (info.role !== 'master') return `${primary.name} is ${info.role}`;
  const online = onlineReplicas(info);
  if (online < replicas) return `${primary.name} has ${replicas} replicas online, not ${online}`;
  await (keys === undefined ? writeToOne(primary) : writeToShard(primary, keys));
  if (replicas === 0) return '';
  // Online is not yet following: something goes the way of writes, and every replica has to acknowledge it.
  const following = await primary.control.wait(replicas, ACKNOWLEDGE_MS);
  if (following < replicas) return `${primary.name} has ${replicas} replicas that follow, not ${following}`;
  return '';
}

/** A write that changes nothing, refused like any other where writes are refused; and a message, which goes to replicas. */
async function writeToOne({ control }: TopologyNode): Promise<void> {
  await control.del('lab:ready');
  await control.publish('lab:ready', '');
}

/** In a cluster a message goes over the bus, and what changes nothing goes nowhere. */
async function writeToShard({ control }: TopologyNode, keys: readonly string[]): Promise<void> {
  await Promise.all(keys.flatMap((key) => [control.set(key, ''), control.del(key)]));
}
