/**
 * What happens to a key in Redis, each step atomic. KEYS are always the value, its guard and its lease; they share a
 * hash tag, so that a cluster keeps them together. A guard is a token that every write changes: a fill is stored only
 * if the guard is what it was before the database was read. The lease follows "Scaling Memcache at Facebook"
 * (NSDI '13): one holder fills, a write takes the lease from it.
 */

/** ARGV: lease token, lease in ms (0: everybody may fill), staleMs. Answers value, whether it is fresh, guard, whether the caller may fill. */
export const LOOK = `
local value = redis.call('GET', KEYS[1])
if value and redis.call('PTTL', KEYS[1]) > tonumber(ARGV[3]) then return {value, 1, '', 0} end
local mine = 1
if ARGV[2] ~= '0' and not redis.call('SET', KEYS[3], ARGV[1], 'NX', 'PX', ARGV[2]) then
  if redis.call('GET', KEYS[3]) ~= ARGV[1] then mine = 0 end
end
return {value, 0, redis.call('GET', KEYS[2]) or '', mine}`;

/** ARGV: lease token, value, its version, its life in ms, whether to guard, the guard before the read. Answers whether it was stored. */
export const STORE = `
if redis.call('GET', KEYS[3]) == ARGV[1] then redis.call('DEL', KEYS[3]) end
if ARGV[5] == '1' then
  if (redis.call('GET', KEYS[2]) or '') ~= ARGV[6] then return 0 end
  local old = redis.call('GET', KEYS[1])
  if old and tonumber(string.match(old, '^%d+')) > tonumber(ARGV[3]) then return 0 end
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[4])
return 1`;

/** ARGV: lease token. Gives a lease back without a value. */
export const RELEASE = `
if redis.call('GET', KEYS[3]) == ARGV[1] then return redis.call('DEL', KEYS[3]) end
return 0`;

/** ARGV: new guard, its life in ms, the channel on which the key is told ('': none). */
export const INVALIDATE = `
redis.call('DEL', KEYS[1], KEYS[3])
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
if ARGV[3] ~= '' then redis.call('PUBLISH', ARGV[3], string.match(KEYS[1], '{(.*)}')) end
return 1`;

/** ARGV: new guard, its life in ms, channel, value, version, its life in ms, whether to guard. A newer value stays. */
export const PUT = `
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
redis.call('DEL', KEYS[3])
local old = redis.call('GET', KEYS[1])
if ARGV[7] == '1' and old and tonumber(string.match(old, '^%d+')) > tonumber(ARGV[5]) then return 0 end
redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[6])
if ARGV[3] ~= '' then redis.call('PUBLISH', ARGV[3], string.match(KEYS[1], '{(.*)}')) end
return 1`;

/**
 * ARGV: new guard, its life in ms, channel, price, life of an unwritten value in ms; KEYS[4], if given, is the stream of
 * what the database has yet to hear. Answers the value, or nil when it is not in the cache.
 */
export const COUNT_UP = `
local old = redis.call('GET', KEYS[1])
if not old then return nil end
local json = string.match(old, '^%d+:(.+)$')
if not json then return '0:' end
local product = cjson.decode(json)
product.version = product.version + 1
product.priceCents = tonumber(ARGV[4])
local value = product.version .. ':' .. cjson.encode(product)
redis.call('SET', KEYS[1], value, 'PX', ARGV[5])
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
redis.call('DEL', KEYS[3])
if KEYS[4] then
  redis.call('XADD', KEYS[4], '*', 'id', product.id, 'version', product.version, 'priceCents', ARGV[4])
end
if ARGV[3] ~= '' then redis.call('PUBLISH', ARGV[3], string.match(KEYS[1], '{(.*)}')) end
return value`;

/** ARGV: version, life in ms. The database has it: the value may expire again. */
export const SETTLE = `
local value = redis.call('GET', KEYS[1])
if value and string.match(value, '^%d+') == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0`;
