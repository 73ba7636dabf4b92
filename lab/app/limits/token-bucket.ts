import type { Algorithm } from './limiter.ts';

/** ARGV: capacity, tokens per second. State: how many tokens there were, and when (µs). A full bucket has none. */
const script = `
local capacity, rate = tonumber(ARGV[1]), tonumber(ARGV[2]) / 1000000
local tokens, at = capacity, now
local state = redis.call('GET', KEYS[1])
if state then
  local had, since = struct.unpack('<dd', state)
  if since <= now then
    tokens = math.min(capacity, had + (now - since) * rate)
  elseif (since - now) * rate <= capacity then
    tokens, at = had, since
  end
end
if tokens < 1 then return {-1, at - now + math.ceil((1 - tokens) / rate), now} end
tokens = tokens - 1
local full = at - now + math.ceil((capacity - tokens) / rate)
redis.call('SET', KEYS[1], struct.pack('<dd', tokens, at), 'PX', math.ceil(full / 1000))
return {math.floor(tokens), full, now}`;

/**
 * A bucket of `capacity` tokens, filled with `perSecond` of them; each admission takes one. In any time of s seconds
 * at most capacity + perSecond × s are admitted. When the clock steps back, nothing is filled in until it has come so
 * far again; a step longer than the bucket takes to fill begins with a full bucket, once for each such step.
 */
export function tokenBucket({ capacity, perSecond }: { capacity: number; perSecond: number }): Algorithm {
  return {
    tag: 'tb',
    script,
    args: [String(capacity), String(perSecond)],
    quota: capacity,
    windowSeconds: capacity / perSecond,
    count(share) {
      const most = Math.max(1, Math.floor(capacity * share));
      const rate = (perSecond * share) / 1e6;
      let tokens = most;
      let since: number | null = null;
      return {
        decide(atUs) {
          if (since !== null) tokens = Math.min(most, tokens + (atUs - since) * rate);
          since = atUs;
          if (tokens < 1)
            return { admitted: false, remaining: 0, resetUs: Math.ceil((1 - tokens) / rate), atUs };
          tokens--;
          const resetUs = Math.ceil((most - tokens) / rate);
          return { admitted: true, remaining: Math.floor(tokens), resetUs, atUs };
        },
      };
    },
  };
}
