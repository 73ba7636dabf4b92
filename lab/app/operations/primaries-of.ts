import type { Redis } from 'ioredis';

/**
 * The servers that hold the keys of the one that is asked: itself, or of a cluster every primary, to which new
 * connections like this one are opened. Rejects where the cluster does not name an owner of every slot.
 */
export async function primariesOf(redis: Redis): Promise<Redis[]> {
  if (!(await redis.info('cluster')).includes('cluster_enabled:1')) return [redis];
  const ranges = await redis.cluster('SLOTS');
  const covered = ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  if (covered < 16_384)
    throw new Error(`expected owners of all 16384 slots of the cluster, got those of ${covered}`);
  const owners = ranges.flatMap(([, , primary]) => (primary === undefined ? [] : [primary]));
  const addresses = new Map(owners.map(([host, port]) => [`${host}:${port}`, { host, port }]));
  return [...addresses.values()].map((address) => redis.duplicate(address));
}
