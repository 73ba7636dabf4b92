import type { Algorithm } from './limiter.ts';

/** What a window's mark is multiplied by: more requests than one key gets in a window, and 52 bits with the mark. */
const ROOM = 2 ** 36;

/**
 * ARGV: limit, window in µs. State: one integer, the window's mark × ROOM + how many have asked in it, so that a request
 * costs one INCR beside TIME; only the first of a window writes the mark, with the TTL. Marks are 1 to 65535, and then
 * 1 again; a key is gone long before. A counter that was not there has no mark, and so begins a window too.
 * It lives a second longer than it matters: Redis counts a TTL from the script's beginning, which TIME may be later than.
 */
const script = `
local limit, span = tonumber(ARGV[1]), tonumber(ARGV[2])
local into = now % span
local reset = span - into
local mark = ((now - into) / span % 65535 + 1) * ${ROOM}
local count = redis.call('INCR', KEYS[1]) - mark
if count >= ${ROOM} and count < ${2 * ROOM} then
  count, reset = count - ${ROOM}, reset + span
elseif count < 1 or count >= ${ROOM} then
  count = 1
  redis.call('SET', KEYS[1], string.format('%.0f', mark + 1), 'PX', math.ceil(reset / 1000) + 1000)
end
if count > limit then return {-1, reset, now} end
return {limit - count, reset, now}`;

/**
 * At most `limit` in each window [k × windowMs, (k + 1) × windowMs) of Unix time; so twice as many around a
 * boundary. When the clock steps back into the window before, the later one goes on being counted; when it steps
 * back further, the count is forgotten, once: at most `limit` more are admitted for each such step. A refusal counts on,
 * so unlike with the other algorithms it is a write, which replicas and an append-only file get too.
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
