import type { Algorithm } from './limiter.ts';

/**
 * ARGV: capacity, µs in which one token comes. State: the tokens that there were, in µs of filling, and when (µs). So
 * all is whole numbers, and exact, where the time for a token is. A full bucket has no state.
 */
const script = `
local capacity, cost = tonumber(ARGV[1]), tonumber(ARGV[2])
local full = capacity * cost
local credit, at = full, now
local state = redis.call('GET', KEYS[1])
if state then
  local had, since = struct.unpack('<dd', state)
  if since <= now then
    credit = math.min(full, had + now - since)
  elseif since - now <= full then
    credit, at = had, since
  end
end
if credit < cost then return {-1, at - now + math.ceil(cost - credit), now} end
credit = credit - cost
local reset = at - now + math.ceil(full - credit)
redis.call('SET', KEYS[1], struct.pack('<dd', credit, at), 'PX', math.ceil(reset / 1000))
return {math.floor(credit / cost), reset, now}`;

/**
 * A bucket of `capacity` tokens, filled with `perSecond` of them; each admission takes one. In any time of s seconds
 * at most capacity + perSecond × s are admitted. When the clock steps back, nothing is filled in until it has come so
 * far again; a step longer than the bucket takes to fill begins with a full bucket, once for each such step.
 */
export function tokenBucket({ capacity, perSecond }: { capacity: number; perSecond: number }): Algorithm {
  return {
    tag: 'tb',
    script,
    args: [String(capacity), String(1e6 / perSecond)],
    quota: capacity,
    windowSeconds: capacity / perSecond,
    count(share) {
      const cost = 1e6 / (perSecond * share);
      const full = Math.max(1, Math.floor(capacity * share)) * cost;
      let credit = full;
      let since = 0;
      return {
        decide(atUs) {
          credit = Math.min(full, credit + atUs - since);
          since = atUs;
          if (credit < cost)
            return { admitted: false, remaining: 0, resetUs: Math.ceil(cost - credit), atUs };
          credit -= cost;
          const remaining = Math.floor(credit / cost);
          return { admitted: true, remaining, resetUs: Math.ceil(full - credit), atUs };
        },
      };
    },
  };
}
