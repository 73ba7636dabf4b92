/**
 * `node scripts/seed-shop.ts postgres://…`: makes and fills the application's tables, as soon as the database answers; what
 * is there already stays.
 */
import { connectDatabase } from '../lab/app/database/database.ts';
import { until } from '../lab/common/until.ts';
import { shop } from '../lab/services/shop.ts';

const ANSWERS_WITHIN_MS = 60_000;

const [url = ''] = process.argv.slice(2);
const limits = { connections: 1, connectTimeoutMs: 5000, statementTimeoutMs: 30_000 };
const database = connectDatabase({ instance: 'seed', database: { url, ...limits } });
try {
  // Ten thousand passwords take a second, and products are what is filled in last.
  const look = () =>
    database.query<{ there: boolean }>('seed-look', `SELECT to_regclass('products') IS NOT NULL AS there`);
  const tables = await until(look, {
    what: 'the database to answer',
    withinMs: ANSWERS_WITHIN_MS,
    everyMs: 100,
  });
  const products = tables[0]?.there
    ? await database.query('seed-look', 'SELECT id FROM products LIMIT 1')
    : [];
  if (products.length === 0) await shop.seed?.(database);
} finally {
  await database.close();
}
