import type { Algorithm } from './limiter.ts';

/** ARGV: limit, window in µs. State: the window's beginning and how many it admitted, two little-endian doubles. */
const script = `
local limit, span = tonumber(ARGV[1]), tonumber(ARGV[2])
local window, count = now - now % span, 0
local state = redis.call('GET', KEYS[1])
if state then
  local from, counted = struct.unpack('<dd', state)
  if from >= window and from <= window + span then window, count = from, counted end
end
local reset = window + span - now
if count >= limit then return {-1, reset, now} end
local kept = struct.pack('<dd', window, count + 1)
if count > 0 then
  redis.call('SET', KEYS[1], kept, 'KEEPTTL')
else
  redis.call('SET', KEYS[1], kept, 'PX', math.ceil(reset / 1000))
end
return {limit - count - 1, reset, now}`;

/**
 * At most `limit` in each window [k × windowMs, (k + 1) × windowMs) of Unix time; so twice as many around a
 * boundary. When the clock steps back into the window before, the later one goes on being counted; when it steps
 * back further, the count is forgotten, once: at most `limit` more are admitted for each such step.
 */
export function fixedWindow({ limit, windowMs }: { limit: number; windowMs: number }): Algorithm {
  const span = windowMs * 1000;
  return {
    tag: 'fw',
    script,
    args: [String(limit), String(span)],
    quota: limit,
    windowSeconds: windowMs / 1000,
    count(share) {
      const most = Math.max(1, Math.floor(limit * share));
      let window = 0;
      let counted = 0;
      return {
        decide(atUs) {
          const current = atUs - (atUs % span);
          if (current !== window) [window, counted] = [current, 0];
          const resetUs = window + span - atUs;
          if (counted >= most) return { admitted: false, remaining: 0, resetUs, atUs };
          return { admitted: true, remaining: most - ++counted, resetUs, atUs };
        },
      };
    },
  };
}
