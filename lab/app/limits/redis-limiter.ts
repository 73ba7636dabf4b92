import type { RedisClient } from '../context.ts';
import type { Algorithm, Decision, Limiter } from './limiter.ts';
import { scriptOn } from './script.ts';
import { timeOfDayUs } from './unix-clock.ts';

/** Redis' own time: the same for all instances, however wrong their clocks are. */
const serverTime = `local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]`;

/** The calling instance's time, which it adds to the arguments. */
const clientTime = 'local now = tonumber(ARGV[#ARGV])';

/**
 * An algorithm on Redis: one script decides and counts, at once and by one clock. Its one key is
 * `limit:{<key>}:<tag>`, so it works on a cluster too.
 */
export function redisLimiter(
  redis: RedisClient,
  { script, args, tag }: Algorithm,
  clock: 'server' | 'client' = 'server',
  clientUs: () => number = timeOfDayUs,
): Limiter {
  const run = scriptOn(redis, `${clock === 'server' ? serverTime : clientTime}${script}`);
  return {
    decide(key) {
      const all = clock === 'server' ? args : [...args, String(clientUs())];
      return run(redisKey(key, tag), all).then(decisionOf);
    },
  };
}

export function redisKey(key: string, tag: string): string {
  return `limit:{${key}}:${tag}`;
}

function decisionOf(reply: unknown): Decision {
  if (!Array.isArray(reply) || reply.length !== 3)
    throw new Error(`expected three numbers of a limiter's script, got ${JSON.stringify(reply)}`);
  const [remaining, resetUs, atUs] = reply as [number, number, number];
  return { admitted: remaining >= 0, remaining: Math.max(0, remaining), resetUs, atUs };
}
