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
  const placeholders = shards.map(
    (shard) =>
      `${placeholderId(prefix, shard)} :0@0 master,noaddr - 0 0 0 disconnected ${slotsText(shard.slots)}`,
  );
  return [
    `${clusterId(address.name)} ${address.announced}:${REDIS_PORT}@${BUS_PORT} myself,slave ${placeholderId(prefix, own)} 0 0 0 connected`,
    ...placeholders,
    'vars currentEpoch 0 lastVoteEpoch 0',
    '',
  ].join('\n');
}

/**
 * The nodes.conf of a node whose cluster is there already, as after a restart: it knows everybody, and who owns what.
 * Nobody has to introduce the nodes, but the cluster serves only after the two seconds that `birthOf` avoids.
 */
export function rejoining(
  address: NodeAddress,
  shards: readonly PlannedShard[],
  nodeOf: (name: string) => NodeAddress,
): string {
  const line = (node: NodeAddress, role: string, epoch: number, slots = '') => {
    const flags = node.name === address.name ? `myself,${role}` : role;
    return `${clusterId(node.name)} ${node.announced}:${REDIS_PORT}@${BUS_PORT} ${flags} 0 0 ${epoch} connected${slots}`;
  };
  const known = shards.flatMap(({ primary, replicas, slots }, index) => {
    const owner = nodeOf(primary);
    return [
      line(owner, 'master -', index + 1, ` ${slotsText(slots)}`),
      ...replicas.map((name) => line(nodeOf(name), `slave ${clusterId(owner.name)}`, index + 1)),
    ];
  });
  return [...known, `vars currentEpoch ${shards.length} lastVoteEpoch 0`, ''].join('\n');
}

function slotsText(slots: PlannedShard['slots']): string {
  return slots.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(' ');
}
