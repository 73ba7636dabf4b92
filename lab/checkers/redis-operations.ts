import type { Operation } from '../history/operation.ts';

const ON_REDIS = new Set(['add', 'write', 'read', 'increment']);

/** Whether an operation's key is a Redis key: what users do with an application is not, its keys are the users' own. */
export function isRedisOperation({ f }: Operation): boolean {
  return ON_REDIS.has(f);
}
