import type { AppContext, RedisClient } from '../context.ts';

/**
 * Looks at every connect whether this Redis may evict: under any `maxmemory-policy` but noeviction it forgets jobs,
 * with or without TTL as the policy says, and nobody hears of it. Warns in the log and tells `tell`.
 */
export function watchEviction(
  redis: RedisClient,
  { log }: Pick<AppContext, 'log'>,
  tell: (isEvicting: boolean) => void,
): void {
  const look = async () => {
    const info = String(await redis.info('memory'));
    const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'unknown';
    const isEvicting = policy !== 'noeviction';
    tell(isEvicting);
    if (isEvicting)
      log.warn({ policy }, 'the Redis of the jobs may evict them; its maxmemory-policy should be noeviction');
  };
  redis.on('ready', () => void look().catch(() => {}));
  if (redis.status === 'ready') void look().catch(() => {});
}
