import { createHash } from 'node:crypto';
import type { RedisClient } from '../context.ts';

export type Script = (keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>;

/** A Lua script called by its SHA-1; a server that does not know it has done nothing, and is sent the text. */
export function scriptOn(redis: RedisClient, text: string): Script {
  const sha = createHash('sha1').update(text).digest('hex');
  return async (keys, args) => {
    try {
      return await redis.evalsha(sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return redis.eval(text, keys.length, ...keys, ...args);
    }
  };
}
