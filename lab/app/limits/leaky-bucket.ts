import type { Algorithm } from './limiter.ts';

/** ARGV: capacity, µs in which one leaks away. State: the level, in µs of leaking, and when it was so high (µs). An empty bucket has none. */
const script = `
local capacity, drop = tonumber(ARGV[1]), tonumber(ARGV[2])
local brim = capacity * drop
local level, at = 0, now
local state = redis.call('GET', KEYS[1])
if state then
  local high, since = struct.unpack('<dd', state)
  if since <= now then
    level = math.max(0, high - (now - since))
  elseif since - now <= brim then
    level, at = high, since
  end
end
level = level + drop
if level > brim then return {-1, at - now + math.ceil(level - brim), now} end
local empty = at - now + math.ceil(level)
redis.call('SET', KEYS[1], struct.pack('<dd', level, at), 'PX', math.ceil(empty / 1000))
return {math.floor((brim - level) / drop), empty, now}`;

/**
 * A bucket that leaks `perSecond`; each admission pours one in, and what would make it overflow `capacity` is
 * refused (the bucket as a meter; nobody is made to wait). With a capacity of 1 admissions are at least
 * 1 / perSecond seconds apart. When the clock steps back, nothing leaks until it has come so far again; a step
 * longer than the bucket takes to drain begins with an empty bucket, once for each such step.
 */
export function leakyBucket({ capacity, perSecond }: { capacity: number; perSecond: number }): Algorithm {
  return {
    tag: 'lb',
    script,
    args: [String(capacity), String(1e6 / perSecond)],
    quota: capacity,
    windowSeconds: capacity / perSecond,
    count(share) {
      const drop = 1e6 / (perSecond * share);
      const brim = Math.max(1, Math.floor(capacity * share)) * drop;
      let level = 0;
      let since = 0;
      return {
        decide(atUs) {
          level = Math.max(0, level - (atUs - since));
          since = atUs;
          const after = level + drop;
          if (after > brim) return { admitted: false, remaining: 0, resetUs: Math.ceil(after - brim), atUs };
          level = after;
          const remaining = Math.floor((brim - level) / drop);
          return { admitted: true, remaining, resetUs: Math.ceil(level), atUs };
        },
      };
    },
  };
}
