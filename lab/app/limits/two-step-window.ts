import type { RedisClient } from '../context.ts';
import type { Limiter } from './limiter.ts';
import { redisKey } from './redis-limiter.ts';

/**
 * The fixed window as it is often written, to show what is wrong with it: INCR, and when that answered 1, EXPIRE in a
 * second round trip. Who dies, or is cut off, between the two leaves a counter that never expires: once it has
 * reached the limit its key is refused for ever. Its key ends in `:two-step`.
 */
export function twoStepWindow(
  redis: RedisClient,
  { limit, windowMs }: { limit: number; windowMs: number },
): Limiter {
  const span = windowMs * 1000;
  return {
    async decide(key) {
      const counter = redisKey(key, 'two-step');
      const [time, count] = await Promise.all([redis.time(), redis.incr(counter)]);
      const atUs = Number(time[0]) * 1e6 + Number(time[1]);
      const resetUs = span - (atUs % span);
      if (count === 1) await redis.pexpire(counter, Math.ceil(resetUs / 1000));
      const admitted = count <= limit;
      return { admitted, remaining: Math.max(0, limit - count), resetUs, atUs };
    },
  };
}
