import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { AppContext } from '../context.ts';
import { HttpError } from '../http-error.ts';
import { watchEviction } from './eviction-check.ts';
import { jobMetrics } from './job-metrics.ts';
import type { How, Order } from './order.ts';
import { type Enqueued, orderQueue } from './order-queue.ts';
import { orderWorker } from './order-worker.ts';
import { orderProcessor } from './process-order.ts';

const orderId = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const orderBody = Type.Object({ id: orderId, product: Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 }) });
const orderParams = Type.Object({ id: orderId });

/**
 * Orders: `POST /orders` puts a job into the queue, and a worker, of this or of another instance, processes it.
 * Where the queue is away, refuses or takes longer than `jobs.enqueueTimeoutMs`, the request runs the job itself
 * (`jobs.whenAway: inline`) or says so (`fail`).
 */
export async function orders(app: FastifyInstance, context: AppContext): Promise<void> {
  const { config, database, metrics: registry, onClose, onReady } = context;
  const processOrder = orderProcessor(context);
  const queue = orderQueue(context);
  const metrics = jobMetrics(registry, queue);
  const handle = async (order: Order, how: How) => {
    const done = await processOrder(order, how);
    metrics.done(done, how);
    return done;
  };
  watchEviction(context.redis('jobs'), context, metrics.evicting);
  onClose(() => queue.close());
  if (config.jobs.worker) orderWorker(context, handle, metrics);
  // A start waits for the queue as long as a connect may take; after that the safety valve serves.
  const patientUntil = performance.now() + config.clients.jobs.connectTimeoutMs;
  onReady('jobs', async () => {
    const isPatient = config.jobs.whenAway === 'fail' || performance.now() < patientUntil;
    return queue.isThere() || !isPatient ? null : 'the queue is away';
  });

  const schema = { body: orderBody };
  app.post<{ Body: Order }>('/orders', { schema }, async ({ body: { id, product } }, reply) => {
    const enqueued = await queue.add({ id, product });
    const how: How = enqueued === 'queued' ? 'queued' : 'inline';
    if (how === 'queued') metrics.queued();
    else await runInline({ id, product }, enqueued);
    return reply.code(202).send({ id, how });
  });

  const runInline = async (order: Order, enqueued: Enqueued) => {
    if (config.jobs.whenAway === 'fail') throw notQueued(enqueued);
    metrics.inline();
    try {
      await handle(order, 'inline');
    } catch (error) {
      metrics.failed(true);
      // The database refused; the queue may have it all the same.
      throw enqueued === 'unknown' ? notQueued(enqueued) : error;
    }
  };

  const found = 'SELECT 1 AS found FROM ledger WHERE order_id = $1 LIMIT 1';
  app.get<{ Params: { id: number } }>('/orders/:id', { schema: { params: orderParams } }, async (request) => {
    const { id } = request.params;
    const rows = await database.query('order-state', found, [id]);
    return { id, state: rows.length > 0 ? 'processed' : 'unknown' };
  });
}

function notQueued(enqueued: Enqueued): HttpError {
  return enqueued === 'unknown'
    ? new HttpError(504, 'unknown-fate', 'No answer in time; the order may have been taken.')
    : new HttpError(503, 'unavailable', 'Orders cannot be taken at the moment; nothing was done.');
}
