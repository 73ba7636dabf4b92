import { randomUUID } from 'node:crypto';
import type { AppConfig } from '../config.ts';
import type { RedisClient } from '../context.ts';
import type { Broadcast } from '../redis/broadcast.ts';
import type { Breaker } from './breaker.ts';
import { COUNT_UP, INVALIDATE, LOOK, PUT, RELEASE, SETTLE, STORE } from './lua.ts';
import { decode, encode, type Found } from './product.ts';
import { scriptOn } from './script.ts';

/** What Redis knows of a key. */
export interface Look {
  /** undefined: nothing. */
  found: Found | undefined;
  isFresh: boolean;
  /** What the guard was, to be handed to `store`. */
  guard: string;
  /** Whether the caller holds the lease, or needs none. */
  mayFill: boolean;
}

/** The cache in Redis, for all instances. Reads and fills throw CacheAway; what writes do throws Redis' own errors. */
export interface SharedTier {
  look(key: string, lease: string): Promise<Look>;
  /** Whether it was stored; false: a write overtook it. */
  store(key: string, lease: string, guard: string, found: Found): Promise<boolean>;
  release(key: string, lease: string): Promise<void>;
  /** After a write to the database: the value goes, fills under way are void, other instances are told. */
  invalidate(key: string): Promise<void>;
  /** The same, with the new value in place of the old. */
  put(key: string, found: Found): Promise<void>;
  /** Write-behind: sets the price and counts the version up in the cache; undefined: it is not there. */
  countUp(key: string, priceCents: number, stream: string | null): Promise<Found | undefined>;
  /** Write-behind: the database has this version. */
  settle(key: string, version: number): Promise<void>;
}

/** A product that does not exist is remembered for at most so long, in ms. */
const ABSENT_MS = 1000;
/** A value that the database does not have yet stays so long, in ms; every key has a TTL. */
const UNWRITTEN_MS = 24 * 3_600_000;

/** `news`: null: nobody is told of writes. `guardMs`: longer than any fill takes. */
export function sharedTier(
  redis: RedisClient,
  breaker: Breaker,
  news: Broadcast | null,
  cache: AppConfig['cache'],
  guardMs: number,
): SharedTier {
  const look = scriptOn(redis, LOOK);
  const store = scriptOn(redis, STORE);
  const release = scriptOn(redis, RELEASE);
  const invalidate = scriptOn(redis, INVALIDATE);
  const put = scriptOn(redis, PUT);
  const countUp = scriptOn(redis, COUNT_UP);
  const settle = scriptOn(redis, SETTLE);
  // Only the cache knows the newest version there, so an older one must never replace it.
  const guarded = cache.guardFills || cache.strategy === 'write-behind' ? 1 : 0;
  const lifeMs = (found: Found) => {
    const jittered = cache.ttlMs * (1 - cache.jitter * Math.random());
    if (found === null) return Math.ceil(Math.min(jittered, ABSENT_MS)) + cache.staleMs;
    return Math.max(1, Math.round(jittered)) + cache.staleMs;
  };
  const written = () => [randomUUID(), guardMs, news?.scriptChannel ?? ''];
  return {
    look: (key, lease) =>
      breaker.run(async () => {
        const answer = await look(placesOf(key), [lease, cache.leaseMs ?? 0, cache.staleMs]);
        const [value, isFresh, guard, mayFill] = answer as [string | null, number, string, number];
        const found = value === null ? undefined : decode(value);
        return { found, isFresh: isFresh === 1, guard, mayFill: mayFill === 1 };
      }),
    store: (key, lease, guard, found) =>
      breaker.run(async () => {
        const args = [lease, encode(found), found?.version ?? 0, lifeMs(found), guarded, guard];
        return (await store(placesOf(key), args)) === 1;
      }),
    release: (key, lease) => breaker.run(async () => void (await release(placesOf(key), [lease]))),
    invalidate: async (key) => {
      await invalidate(placesOf(key), written());
      await news?.tell(key);
    },
    put: async (key, found) => {
      const args = [...written(), encode(found), found?.version ?? 0, lifeMs(found), guarded];
      await put(placesOf(key), args);
      await news?.tell(key);
    },
    countUp: async (key, priceCents, stream) => {
      const places = stream === null ? placesOf(key) : [...placesOf(key), stream];
      const value = await countUp(places, [...written(), priceCents, UNWRITTEN_MS]);
      return typeof value === 'string' ? decode(value) : undefined;
    },
    settle: async (key, version) => {
      // Its full life, as if it had been filled now; the version alone matters here.
      const life = Math.round(cache.ttlMs * (1 - cache.jitter * Math.random())) + cache.staleMs;
      await settle(placesOf(key), [version, Math.max(1, life)]);
    },
  };
}

/** Value, guard and lease of a key. */
function placesOf(key: string): string[] {
  return [`cache:{${key}}`, `cache:{${key}}:guard`, `cache:{${key}}:lease`];
}
