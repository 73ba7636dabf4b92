import type { Algorithm } from './limiter.ts';

/** ARGV: limit, window in µs. State: the window's beginning, its count, and the count of the window before. */
const script = `
local limit, span = tonumber(ARGV[1]), tonumber(ARGV[2])
local window, current, previous = now - now % span, 0, 0
local state = redis.call('GET', KEYS[1])
if state then
  local from, counted, before = struct.unpack('<ddd', state)
  local ahead = from - window
  if ahead >= 0 and ahead <= span then
    window, current, previous = from, counted, before
  elseif ahead == -span then
    previous = counted
  end
end
local ends = window + span - now
local left = math.min(ends, span)
local used = previous * left + current * span
if used + span > limit * span then
  local wait
  if current < limit then
    wait = ends - math.floor((limit - current - 1) * span / previous)
  else
    wait = ends + span - math.floor((limit - 1) * span / current)
  end
  return {-1, wait, now}
end
local kept = struct.pack('<ddd', window, current + 1, previous)
if current > 0 then
  redis.call('SET', KEYS[1], kept, 'KEEPTTL')
else
  redis.call('SET', KEYS[1], kept, 'PX', math.ceil((ends + span) / 1000))
end
return {math.floor(limit - 1 - used / span), ends, now}`;

/**
 * Counts in windows aligned to Unix time, and takes what the previous one admitted as spread evenly over it: one more
 * is admitted when previous × (share of it still in the sliding window) + current + 1 ≤ limit. Cheap, and wrong by as
 * much as the previous window was uneven. A step of the clock is met as by the fixed window.
 */
export function slidingCounter({ limit, windowMs }: { limit: number; windowMs: number }): Algorithm {
  const span = windowMs * 1000;
  return {
    tag: 'sc',
    script,
    args: [String(limit), String(span)],
    quota: limit,
    windowSeconds: windowMs / 1000,
    count(share) {
      const most = Math.max(1, Math.floor(limit * share));
      let [window, current, previous] = [0, 0, 0];
      return {
        decide(atUs) {
          const begin = atUs - (atUs % span);
          if (begin !== window)
            [window, current, previous] = [begin, 0, begin === window + span ? current : 0];
          const left = window + span - atUs;
          const used = previous * left + current * span;
          if (used + span > most * span) {
            const resetUs =
              current < most
                ? left - Math.floor(((most - current - 1) * span) / previous)
                : left + span - Math.floor(((most - 1) * span) / current);
            return { admitted: false, remaining: 0, resetUs, atUs };
          }
          current++;
          return { admitted: true, remaining: Math.floor(most - 1 - used / span), resetUs: left, atUs };
        },
      };
    },
  };
}
