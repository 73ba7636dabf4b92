import { Cluster, Command } from 'ioredis';
import type { RedisClient } from '../context.ts';
import { type Circuit, circuit } from './circuit.ts';

/** A circuit for each server that decides. */
export interface Circuits {
  /** That of the server which counts this key of Redis now. */
  of(redisKey: string): Circuit;
  /** How many servers count as away. */
  readonly open: number;
}

/** In a cluster each shard's primary has one, so that a shard that is away does not keep anybody from asking the others. */
export function circuits(redis: RedisClient): Circuits {
  const byServer = new Map<string, Circuit>();
  const serverOf = (redisKey: string): string => {
    if (!(redis instanceof Cluster)) return '';
    return redis.slots[new Command('get', [redisKey]).getSlot()]?.[0] ?? '';
  };
  return {
    of(redisKey) {
      const server = serverOf(redisKey);
      let known = byServer.get(server);
      if (known === undefined) {
        known = circuit();
        byServer.set(server, known);
      }
      return known;
    },
    get open() {
      return [...byServer.values()].filter(({ isOpen }) => isOpen).length;
    },
  };
}
