import { Redis } from 'ioredis';
import type { RedisClient } from '../context.ts';

/**
 * Commands that a connection keeps in memory: sent and not answered yet (one that its caller gave up is among them
 * until its answer comes or the connection breaks), and those that wait for a connection. Of a cluster: all its nodes'.
 */
export function waitingCommands(client: RedisClient): number {
  if (client instanceof Redis) return client.commandQueue.length + offline(client);
  return client.nodes('all').reduce((sum, node) => sum + waitingCommands(node), offline(client));
}

/** ioredis tells nobody of it; undefined before a cluster has had to queue anything. */
function offline(client: RedisClient): number {
  const queue: unknown = Reflect.get(client, 'offlineQueue');
  const isQueue = typeof queue === 'object' && queue !== null && 'length' in queue;
  return isQueue && typeof queue.length === 'number' ? queue.length : 0;
}
