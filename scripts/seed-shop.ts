/** `node scripts/seed-shop.ts postgres://…`: makes and fills the application's tables; what is there already stays. */
import { connectDatabase } from '../lab/app/database/database.ts';
import { shop } from '../lab/services/shop.ts';

const [url = ''] = process.argv.slice(2);
const limits = { connections: 1, connectTimeoutMs: 5000, statementTimeoutMs: 30_000 };
const database = connectDatabase({ instance: 'seed', database: { url, ...limits } });
try {
  await shop.seed?.(database);
} finally {
  await database.close();
}
