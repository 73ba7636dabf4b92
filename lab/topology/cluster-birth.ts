import { createHash } from 'node:crypto';
import type { NodeAddress } from '../mesh/address-book.ts';
import { BUS_PORT } from './cluster-options.ts';
import type { PlannedShard } from './cluster-plan.ts';
import { REDIS_PORT } from './sentinel-options.ts';

/** The file's name by default, `cluster-config-file`. */
export const CLUSTER_FILE = 'nodes.conf';

/** The id under which a node, or the placeholder of a shard, is born: the same in every run. */
export function clusterId(name: string): string {
  return createHash('sha1').update(name).digest('hex');
}

/** The id of what stands for a shard's primary until that has taken over. */
export function placeholderId(prefix: string, shard: PlannedShard): string {
  return clusterId(`placeholder of ${prefix}${shard.primary}`);
}

/**
 * The nodes.conf with which a node is born: a replica of a placeholder, a primary without an address that has its
 * shard's slots. A primary that starts as one says `cluster_state:fail` for its first two seconds, so as not to
 * accept writes that the others know better about (cluster.c, CLUSTER_WRITABLE_DELAY); a replica does not wait, and
 * one that takes over keeps its state. So the primaries take over from the placeholders (`CLUSTER FAILOVER TAKEOVER`)
 * when all nodes have met, each under an epoch of its own, and the other replicas follow by themselves, as after any
 * failover. Nobody connects to a node without an address, gossips about it or holds it to have failed.
 */
export function birthOf(
  address: NodeAddress,
  prefix: string,
  own: PlannedShard,
  shards: readonly PlannedShard[],
): string {
  const placeholders = shards.map((shard) => {
    const slots = shard.slots.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
    return `${placeholderId(prefix, shard)} :0@0 master,noaddr - 0 0 0 disconnected ${slots.join(' ')}`;
  });
  return [
    `${clusterId(address.name)} ${address.announced}:${REDIS_PORT}@${BUS_PORT} myself,slave ${placeholderId(prefix, own)} 0 0 0 connected`,
    ...placeholders,
    'vars currentEpoch 0 lastVoteEpoch 0',
    '',
  ].join('\n');
}
