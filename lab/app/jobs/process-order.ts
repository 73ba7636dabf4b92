import { setTimeout as sleep } from 'node:timers/promises';
import type { AppContext } from '../context.ts';
import type { How, Order } from './order.ts';

/** `repeated`: it had been processed before, and nothing was done. */
export type Processed = 'processed' | 'repeated';

/** The order and its entry in the ledger come into being together: one statement is one transaction. */
const ONCE = `
WITH fresh AS (
  INSERT INTO orders (id, product, instance) VALUES ($1, $2, $3::text) ON CONFLICT (id) DO NOTHING RETURNING id
)
INSERT INTO ledger (order_id, instance, how) SELECT id, $3::text, $4 FROM fresh RETURNING order_id`;

/** What a handler does that does not recognise what it has done before. */
const EVERY_TIME = `
WITH kept AS (
  INSERT INTO orders (id, product, instance) VALUES ($1, $2, $3::text) ON CONFLICT (id) DO NOTHING
)
INSERT INTO ledger (order_id, instance, how) VALUES ($1, $3::text, $4) RETURNING order_id`;

/**
 * The job itself. A queue delivers at least once: an order whose enqueueing timed out may be in the queue and be run
 * inline too, and a worker that lost its lock has its job taken over. So, unless `jobs.idempotent` is off, an order
 * is recognised by its id, whoever processes it first. Fails with the database's error.
 */
export function orderProcessor({ config, database }: Pick<AppContext, 'config' | 'database'>) {
  const { idempotent, workMs } = config.jobs;
  return async ({ id, product }: Order, how: How): Promise<Processed> => {
    if (workMs > 0) await sleep(workMs);
    const values = [id, product, config.instance, how];
    const rows = await database.query('order-process', idempotent ? ONCE : EVERY_TIME, values);
    return rows.length > 0 ? 'processed' : 'repeated';
  };
}
