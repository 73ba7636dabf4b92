import { createHash } from 'node:crypto';
import type { RedisClient } from '../context.ts';

/** A Lua script that runs atomically, sent by its hash; in full when the server does not know it yet. */
export interface Script {
  run(client: RedisClient, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
  readonly lua: string;
}

function script(lua: string, mode: 'write' | 'read' = 'write'): Script {
  const sha = createHash('sha1').update(lua).digest('hex');
  const names = mode === 'read' ? (['evalsha_ro', 'eval_ro'] as const) : (['evalsha', 'eval'] as const);
  return {
    lua,
    async run(client, keys, args) {
      try {
        return await client.call(names[0], sha, keys.length, ...keys, ...args);
      } catch (error) {
        if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
        return client.call(names[1], lua, keys.length, ...keys, ...args);
      }
    },
  };
}

/** KEYS: session. Answers user, visits and the ms it has left; false for the user when there is none. */
export const readScript = script(
  `local found = redis.call('HMGET', KEYS[1], 'user', 'visits')
return {found[1], found[2], redis.call('PTTL', KEYS[1])}`,
  'read',
);

const now = `local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/**
 * KEYS: session, index. ARGV: id, ttl in ms, user. The index loses the sessions that have expired. Each use of
 * any session of the user sets the index's own time to live anew, so it outlives them all, but not for long.
 */
export const createScript = script(`${now}
redis.call('HSET', KEYS[1], 'user', ARGV[3], 'visits', 0)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
redis.call('ZADD', KEYS[2], now + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[2])`);

/** KEYS: session, index. ARGV: id, ttl in ms, visits to add. Answers the visits; 0, and nothing is done, when the session is gone. */
export const saveScript = script(`if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
${now}
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('ZADD', KEYS[2], now + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return redis.call('HINCRBY', KEYS[1], 'visits', ARGV[3])`);

/** KEYS: session, index. ARGV: id, channel ('': it is told later). Told with the removal, so no removal goes untold. */
export const revokeScript = script(`redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
if ARGV[2] ~= '' then redis.call('PUBLISH', ARGV[2], ARGV[1]) end
return {ARGV[1]}`);

/**
 * KEYS: index. ARGV: channel, as above. Answers the ids. The sessions' keys are made from the index; they are in its
 * slot, by the hash tag.
 */
export const revokeAllScript = script(`local ids = redis.call('ZRANGE', KEYS[1], 0, -1)
local prefix = 'session:' .. string.match(KEYS[1], '{%d+}') .. ':'
for _, id in ipairs(ids) do redis.call('DEL', prefix .. string.match(id, '%.(.+)$')) end
redis.call('DEL', KEYS[1])
if #ids > 0 and ARGV[1] ~= '' then redis.call('PUBLISH', ARGV[1], table.concat(ids, ' ')) end
return ids`);
