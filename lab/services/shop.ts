import { SCHEMA } from '../app/database/schema.ts';
import { seed } from '../app/database/seed.ts';
import { SEEDED } from './app-spec.ts';
import type { Preparation } from './postgres-cluster.ts';

/** The application's database as each run finds it: its tables, users and products. */
export const shop: Preparation = {
  key: `shop of ${SEEDED.users} users and ${SEEDED.products} products, seeds of version 1`,
  sql: SCHEMA,
  seed: (database) => seed(database, SEEDED),
};
