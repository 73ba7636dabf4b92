import type { Algorithm } from './limiter.ts';

/** ARGV: limit, window in µs. State: a list of the times of what was admitted, oldest first. */
const script = `
local limit, span = tonumber(ARGV[1]), tonumber(ARGV[2])
local oldest = redis.call('LINDEX', KEYS[1], 0)
while oldest do
  local age = now - oldest
  if age < span and age >= -span then break end
  redis.call('LPOP', KEYS[1])
  oldest = redis.call('LINDEX', KEYS[1], 0)
end
local count = 0
if oldest then count = redis.call('LLEN', KEYS[1]) end
local reset = (oldest or now) + span - now
if count >= limit then return {-1, reset, now} end
redis.call('RPUSH', KEYS[1], now)
redis.call('PEXPIRE', KEYS[1], math.ceil(span / 1000))
return {limit - count - 1, reset, now}`;

/**
 * At most `limit` in every window (t − windowMs, t], at the price of a time kept for each admission. When the clock
 * steps back, what was admitted before the step counts until the clock has come so far again, for two windows at
 * most: what is further in the future than one window is forgotten.
 */
export function slidingLog({ limit, windowMs }: { limit: number; windowMs: number }): Algorithm {
  const span = windowMs * 1000;
  return {
    tag: 'sl',
    script,
    args: [String(limit), String(span)],
    quota: limit,
    windowSeconds: windowMs / 1000,
    count(share) {
      const most = Math.max(1, Math.floor(limit * share));
      const times: number[] = [];
      return {
        decide(atUs) {
          let gone = 0;
          while (gone < times.length && atUs - (times[gone] as number) >= span) gone++;
          times.splice(0, gone);
          const resetUs = (times[0] ?? atUs) + span - atUs;
          if (times.length >= most) return { admitted: false, remaining: 0, resetUs, atUs };
          return { admitted: true, remaining: most - times.push(atUs), resetUs, atUs };
        },
      };
    },
  };
}
