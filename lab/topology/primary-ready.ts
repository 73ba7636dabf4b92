import { infoOf, onlineReplicas } from './info.ts';
import type { TopologyNode } from './topology.ts';

/** For a message's way to the replicas and back. */
const ACKNOWLEDGE_MS = 50;

/**
 * What a node lacks of a primary that accepts writes and has `replicas` replicas that follow; empty for nothing.
 * `keys` are those it must accept writes to, each by itself: those of a cluster node lie in its own slots.
 */
export async function whatPrimaryLacks(
  primary: TopologyNode,
  replicas: number,
  keys: readonly string[] = ['lab:ready'],
): Promise<string> {
  const info = infoOf(await primary.control.info('replication'));
  if (info.role !== 'master') return `${primary.name} is ${info.role}`;
  const online = onlineReplicas(info);
  if (online < replicas) return `${primary.name} has ${replicas} replicas online, not ${online}`;
  // A write that changes nothing: refused like any other where writes are refused.
  await Promise.all(keys.map((key) => primary.control.del(key)));
  if (replicas === 0) return '';
  // Online is not yet following: a message goes the way of writes, and every replica has to acknowledge it.
  await primary.control.publish('lab:ready', '');
  const following = await primary.control.wait(replicas, ACKNOWLEDGE_MS);
  if (following < replicas) return `${primary.name} has ${replicas} replicas that follow, not ${following}`;
  return '';
}
