import type { Database } from '../context.ts';
import type { Found, Product } from './product.ts';

/** A price that is to be written with the version that it was given elsewhere. */
export interface VersionedPrice {
  id: number;
  version: number;
  priceCents: number;
}

/** The origin of the cache: products in PostgreSQL. */
export interface ProductTable {
  read(id: number): Promise<Found>;
  /** Sets the price and counts the version up; null when there is no such product. */
  update(id: number, priceCents: number): Promise<Found>;
  /** Sets prices with versions counted elsewhere; an older version never replaces a newer one. */
  persist(prices: readonly VersionedPrice[]): Promise<void>;
}

const columns = 'id, version, name, price_cents AS "priceCents"';

export function productTable(database: Database): ProductTable {
  return {
    async read(id) {
      const rows = await database.query<Product>(
        'product-by-id',
        `SELECT ${columns} FROM products WHERE id = $1`,
        [id],
      );
      return rows[0] ?? null;
    },
    async update(id, priceCents) {
      const rows = await database.query<Product>(
        'product-update',
        `UPDATE products SET price_cents = $2, version = version + 1 WHERE id = $1 RETURNING ${columns}`,
        [id, priceCents],
      );
      return rows[0] ?? null;
    },
    async persist(prices) {
      // Rows in order of their ids, so that two instances that write the same rows do not lock each other out.
      const sorted = prices.toSorted((a, b) => a.id - b.id);
      await database.query(
        'product-persist',
        `UPDATE products SET price_cents = new.price_cents, version = new.version
         FROM unnest($1::int[], $2::int[], $3::int[]) AS new (id, version, price_cents)
         WHERE products.id = new.id AND products.version < new.version`,
        [sorted.map((one) => one.id), sorted.map((one) => one.version), sorted.map((one) => one.priceCents)],
      );
    },
  };
}
