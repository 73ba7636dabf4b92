import { createHash } from 'node:crypto';
import type { RedisClient } from '../context.ts';

/** Runs one script on one key. */
export type Script = (key: string, args: readonly string[]) => Promise<unknown>;

/**
 * A Lua script, called by its SHA-1. A server that does not know it (after a failover, a restart, SCRIPT FLUSH)
 * answers NOSCRIPT, without having done anything; then the whole text is sent, which the server also remembers.
 */
export function scriptOn(redis: RedisClient, text: string): Script {
  const sha = createHash('sha1').update(text).digest('hex');
  // Without async functions: this is the way of every decision, and each of them costs.
  return (key, args) =>
    redis.evalsha(sha, 1, key, ...args).catch((error: unknown) => {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return redis.eval(text, 1, key, ...args);
    });
}
