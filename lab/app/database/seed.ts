import type { Database } from '../context.ts';
import { hashPassword } from './passwords.ts';
import { SCHEMA } from './schema.ts';

/** How much there is to begin with. */
export interface Seeds {
  /** Users 1 to so many; user 17 has the password `password-17`. */
  users: number;
  /** Products 1 to so many, at version 1. */
  products: number;
  /** Cost of the passwords' hashes (scrypt's N). Default 2: a lab has no secrets, and seeds in milliseconds. */
  passwordCost?: number;
}

/** Creates the tables and fills them; what is there already stays. */
export async function seed(database: Database, { users, products, passwordCost = 2 }: Seeds): Promise<void> {
  await database.query('seed-schema', SCHEMA);
  const ids = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  const hashes = await Promise.all(ids(users).map((id) => hashPassword(`password-${id}`, passwordCost)));
  await database.query(
    'seed-users',
    'INSERT INTO users (id, password_hash) SELECT * FROM unnest($1::int[], $2::text[]) ON CONFLICT DO NOTHING',
    [ids(users), hashes],
  );
  await database.query(
    'seed-products',
    `INSERT INTO products (id, name, price_cents) SELECT id, 'Product ' || id, 99 + id % 100 * 100
     FROM generate_series(1, $1::int) AS id ON CONFLICT DO NOTHING`,
    [products],
  );
}
