import type { Algorithm } from './limiter.ts';

/** ARGV: capacity, leak per second. State: the level, and when it was so high (µs). An empty bucket has none. */
const script = `
local capacity, rate = tonumber(ARGV[1]), tonumber(ARGV[2]) / 1000000
local level, at = 0, now
local state = redis.call('GET', KEYS[1])
if state then
  local high, since = struct.unpack('<dd', state)
  if since <= now then
    level = math.max(0, high - (now - since) * rate)
  elseif (since - now) * rate <= capacity then
    level, at = high, since
  end
end
if level + 1 > capacity then return {-1, at - now + math.ceil((level + 1 - capacity) / rate), now} end
level = level + 1
local empty = at - now + math.ceil(level / rate)
redis.call('SET', KEYS[1], struct.pack('<dd', level, at), 'PX', math.ceil(empty / 1000))
return {math.floor(capacity - level), empty, now}`;

/**
 * A bucket that leaks `perSecond`; each admission pours one in, and what would make it overflow `capacity` is
 * refused (the meter of ITU-T I.371; nobody is made to wait). With a capacity of 1 admissions are at least
 * 1 / perSecond seconds apart. When the clock steps back, nothing leaks until it has come so far again; a step
 * longer than the bucket takes to drain begins with an empty bucket, once for each such step.
 */
export function leakyBucket({ capacity, perSecond }: { capacity: number; perSecond: number }): Algorithm {
  return {
    tag: 'lb',
    script,
    args: [String(capacity), String(perSecond)],
    quota: capacity,
    windowSeconds: capacity / perSecond,
    count(share) {
      const most = Math.max(1, Math.floor(capacity * share));
      const rate = (perSecond * share) / 1e6;
      let level = 0;
      let since: number | null = null;
      return {
        decide(atUs) {
          if (since !== null) level = Math.max(0, level - (atUs - since) * rate);
          since = atUs;
          if (level + 1 > most)
            return { admitted: false, remaining: 0, resetUs: Math.ceil((level + 1 - most) / rate), atUs };
          level++;
          return {
            admitted: true,
            remaining: Math.floor(most - level),
            resetUs: Math.ceil(level / rate),
            atUs,
          };
        },
      };
    },
  };
}
