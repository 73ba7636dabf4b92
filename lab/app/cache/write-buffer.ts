import type { VersionedPrice } from './product-table.ts';

/** Where acknowledged writes wait for the database. */
export interface WriteBuffer {
  /** The stream that the cache's script appends to; null: `add` is told of each write. */
  readonly stream: string | null;
  add(price: VersionedPrice): void;
  /** Hands what waits to the database. Throws what the database throws, and then nothing is forgotten. */
  flush(): Promise<void>;
  /** Writes that wait in this process. */
  readonly length: number;
}

/** Puts versions into the database, then lets the cache know that they are there. */
export type Persist = (prices: readonly VersionedPrice[]) => Promise<void>;

/** Of several writes of a product only the newest has to reach the database. */
export function newest(prices: Iterable<VersionedPrice>): VersionedPrice[] {
  const byId = new Map<number, VersionedPrice>();
  for (const price of prices) {
    const known = byId.get(price.id);
    if (known === undefined || known.version < price.version) byId.set(price.id, price);
  }
  return [...byId.values()];
}
