import { LRUCache } from 'lru-cache';
import type { Algorithm, Count, Limiter } from './limiter.ts';
import { unixUs } from './unix-clock.ts';

/**
 * The same algorithm in this process alone, with a share of the limit, for the time in which Redis is away. It keeps
 * the counts of `entries` keys; more push out those not asked about for longest, which then begin anew.
 */
export function localLimiter(
  algorithm: Algorithm,
  share: number,
  entries: number,
  now: () => number = unixUs,
): Limiter {
  const counts = new LRUCache<string, Count>({ max: entries });
  return {
    async decide(key) {
      let count = counts.get(key);
      if (count === undefined) {
        count = algorithm.count(share);
        counts.set(key, count);
      }
      return count.decide(now());
    },
  };
}
