/**
 * What is done to a conversation in Redis, each in one script. KEYS: its turns (a sorted set by turn, members
 * `<turn>:<text>`), and the numbers of those that are not in PostgreSQL yet (a sorted set).
 */

/** Drops the oldest turns beyond `keep`, as far as they are persisted: a turn that is nowhere else stays. */
const trim = `
local function trim(keep)
  local excess = redis.call('ZCARD', KEYS[1]) - keep
  if excess <= 0 then return end
  local first = redis.call('ZRANGE', KEYS[2], 0, 0)[1]
  for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, excess - 1)) do
    local turn = tonumber(string.match(member, '^%d+'))
    if first and turn >= tonumber(first) then return end
    redis.call('ZREM', KEYS[1], member)
  end
end
`;

/** ARGV: keep, TTL in s, whether it is persisted (1, 0), turn, text. Gives back how many turns wait to be persisted. */
export const APPEND = `${trim}
if redis.call('ZCOUNT', KEYS[1], ARGV[4], ARGV[4]) == 0 then
  redis.call('ZADD', KEYS[1], ARGV[4], ARGV[4] .. ':' .. ARGV[5])
  if ARGV[3] == '0' then redis.call('ZADD', KEYS[2], ARGV[4], ARGV[4]) end
end
trim(tonumber(ARGV[1]))
redis.call('EXPIRE', KEYS[1], ARGV[2])
redis.call('EXPIRE', KEYS[2], ARGV[2])
return redis.call('ZCARD', KEYS[2])
`;

/** ARGV: how many at most. Gives back the members that wait to be persisted, oldest first. */
export const PENDING = `
local found = {}
for _, turn in ipairs(redis.call('ZRANGE', KEYS[2], 0, ARGV[1] - 1)) do
  local member = redis.call('ZRANGEBYSCORE', KEYS[1], turn, turn)[1]
  if member then found[#found + 1] = member else redis.call('ZREM', KEYS[2], turn) end
end
return found
`;

/** ARGV: keep, then the turns that are in PostgreSQL now. Gives back how many still wait. */
export const PERSISTED = `${trim}
for i = 2, #ARGV do redis.call('ZREM', KEYS[2], ARGV[i]) end
trim(tonumber(ARGV[1]))
return redis.call('ZCARD', KEYS[2])
`;

/** ARGV: keep, TTL in s, then turn and text of persisted turns, which are added where they are missing. */
export const REBUILD = `${trim}
for i = 3, #ARGV, 2 do
  if redis.call('ZCOUNT', KEYS[1], ARGV[i], ARGV[i]) == 0 then
    redis.call('ZADD', KEYS[1], ARGV[i], ARGV[i] .. ':' .. ARGV[i + 1])
  end
end
trim(tonumber(ARGV[1]))
redis.call('EXPIRE', KEYS[1], ARGV[2])
return redis.call('ZCARD', KEYS[1])
`;
