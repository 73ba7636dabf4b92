import { Redis } from 'ioredis';
import type { RedisClient } from '../context.ts';

/** Call it before the writes, and what it gives back after them: whether enough replicas have them. */
export type ReplicasAsked = () => () => Promise<boolean>;

/**
 * Asks by WAIT whether `count` replicas have what this connection wrote; with 0 nobody is asked. WAIT speaks of what its
 * own connection has written: after a reconnect, perhaps to a new primary that has none of it, it would say "all of them"
 * at once, so that counts as no. Writes that wait at the same time share a question, since WAIT holds up what comes
 * behind it on the connection. The promise rejects with ioredis' error. Throws for a cluster, where WAIT goes to one server.
 */
export function replicasAsked(redis: RedisClient, count: number, withinMs: number): ReplicasAsked {
  if (count === 0) return () => async () => true;
  if (!(redis instanceof Redis))
    throw new Error(
      `jobs.acknowledgedBy: expected 0 where redis.jobs is a cluster (WAIT goes to one server), got ${count}`,
    );
  let connections = 0;
  redis.on('connect', () => connections++);
  let underWay: Promise<number> | null = null;
  let next: Promise<number> | null = null;

  // What a question under way was sent before, it does not speak of; but one that has not been sent yet serves all.
  const ask = (): Promise<number> => {
    if (underWay === null) {
      const question = redis.wait(count, withinMs);
      underWay = question;
      const over = () => {
        underWay = null;
      };
      question.then(over, over);
      return question;
    }
    next ??= underWay
      .catch(() => {})
      .then(() => {
        next = null;
        return ask();
      });
    return next;
  };
  return () => {
    const before = connections;
    return async () => (await ask()) >= count && before === connections;
  };
}
