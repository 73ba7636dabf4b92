import type { RedisClient } from '../context.ts';
import type { VersionedPrice } from './product-table.ts';
import { newest, type Persist, type WriteBuffer } from './write-buffer.ts';

export const STREAM = 'cache:writes';
const GROUP = 'database';
const BATCH = 500;

type Entry = [id: string, fields: string[] | null];

/**
 * In a Redis stream that the cache's script appends to in the same step as it counts the version up. All instances
 * consume it as one group; an entry is acknowledged after the database has it, and one that an instance has read and
 * not finished for `claimAfterMs` is taken over by another. Entries may be written twice and out of order: the
 * database keeps the highest version.
 */
export function streamBuffer(
  redis: RedisClient,
  consumer: string,
  claimAfterMs: number,
  persist: Persist,
): WriteBuffer {
  let hasGroup = false;
  let inHand = 0;
  let claimAt = 0;

  async function write(entries: readonly Entry[]): Promise<void> {
    inHand += entries.length;
    try {
      const prices = newest(entries.flatMap(([, fields]) => (fields === null ? [] : priceOf(fields))));
      if (prices.length > 0) await persist(prices);
      const ids = entries.map(([id]) => id);
      await redis.xack(STREAM, GROUP, ...ids);
      await redis.xdel(STREAM, ...ids);
    } finally {
      inHand -= entries.length;
    }
  }

  async function claim(): Promise<void> {
    if (performance.now() < claimAt) return;
    claimAt = performance.now() + claimAfterMs / 2;
    const answer = await redis.xautoclaim(STREAM, GROUP, consumer, claimAfterMs, '0', 'COUNT', BATCH);
    const entries = (answer[1] ?? []) as Entry[];
    if (entries.length > 0) await write(entries);
  }

  async function group(): Promise<void> {
    if (hasGroup) return;
    try {
      await redis.xgroup('CREATE', STREAM, GROUP, '0', 'MKSTREAM');
    } catch (error) {
      if (!String(error).includes('BUSYGROUP')) throw error;
    }
    hasGroup = true;
  }

  return {
    stream: STREAM,
    get length() {
      return inHand;
    },
    add: () => {},
    async flush() {
      try {
        await group();
        await claim();
        for (;;) {
          const answer = await redis.xreadgroup(
            'GROUP',
            GROUP,
            consumer,
            'COUNT',
            BATCH,
            'STREAMS',
            STREAM,
            '>',
          );
          const entries = ((answer as [string, Entry[]][] | null)?.[0]?.[1] ?? []) as Entry[];
          if (entries.length === 0) return;
          await write(entries);
        }
      } catch (error) {
        // The group went with the data: a flush, an empty server after a failover.
        if (String(error).includes('NOGROUP')) hasGroup = false;
        throw error;
      }
    },
  };
}

function priceOf(fields: readonly string[]): VersionedPrice[] {
  const at = (name: string) => Number(fields[fields.indexOf(name) + 1]);
  const price = { id: at('id'), version: at('version'), priceCents: at('priceCents') };
  return Object.values(price).every(Number.isSafeInteger) ? [price] : [];
}
