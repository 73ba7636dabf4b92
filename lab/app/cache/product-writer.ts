import type { AppConfig } from '../config.ts';
import { HttpError } from '../http-error.ts';
import type { MissedInvalidations } from './missed-invalidations.ts';
import { type Found, keyOf } from './product.ts';
import type { ProductCache } from './product-cache.ts';
import type { ProductTable } from './product-table.ts';
import type { SharedTier } from './shared-tier.ts';
import type { WriteBuffer } from './write-buffer.ts';

export interface ProductWriterParts {
  strategy: AppConfig['cache']['strategy'];
  table: ProductTable;
  shared: SharedTier;
  cache: ProductCache;
  missed: MissedInvalidations;
  buffer: WriteBuffer;
}

/** Sets a price; null when there is no such product. Throws Redis' or the database's error when it was not done. */
export type ProductWriter = (id: number, priceCents: number) => Promise<Found>;

/** A value can expire between being filled and being counted up. */
const ATTEMPTS = 5;

export function productWriter(parts: ProductWriterParts): ProductWriter {
  const { strategy, table, shared, cache, missed, buffer } = parts;
  if (strategy === 'write-behind') return behind;
  return async (id, priceCents) => {
    const key = keyOf(id);
    const written = await table.update(id, priceCents);
    cache.forget(key);
    if (written === null) return null;
    await missed.tell(key, async () => {
      if (strategy === 'write-through') await shared.put(key, written);
      else await shared.invalidate(key);
    });
    // What was read here between the two is forgotten too.
    cache.forget(key);
    return written;
  };

  async function behind(id: number, priceCents: number): Promise<Found> {
    const key = keyOf(id);
    for (let attempt = 1; ; attempt++) {
      const written = await shared.countUp(key, priceCents, buffer.stream);
      if (written !== undefined) {
        if (written !== null) buffer.add({ id, version: written.version, priceCents });
        cache.forget(key);
        return written;
      }
      if (attempt === ATTEMPTS)
        throw new HttpError(503, 'unavailable', 'What this needs is away; nothing was done.');
      // From Redis or the database, not from the local tier: the script needs the value there.
      cache.forget(key);
      await cache.read(id);
    }
  }
}
