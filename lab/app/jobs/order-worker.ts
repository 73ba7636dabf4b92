import { setTimeout as sleep } from 'node:timers/promises';
import { type Job, type RedisQueueBackend, UnrecoverableError, Worker } from 'bullmq';
import type { AppContext } from '../context.ts';
import type { JobMetrics } from './job-metrics.ts';
import type { How, Order } from './order.ts';
import { PREFIX, QUEUE } from './order-queue.ts';
import type { Processed } from './process-order.ts';

/**
 * How long a job stays a worker's without being renewed, and how often jobs of dead workers are looked for. A fetch
 * whose answer was lost with its connection leaves such a job too, and it waits for so long (with BullMQ's defaults,
 * 30 s each, up to a minute and a half). Handlers know what they have done, so taking over too early costs nothing.
 */
const LOCK_MS = 3000;
const STALLED_EVERY_MS = 1500;
/** BullMQ waits 15 s by default after a connection error, and jobs pile up meanwhile. */
const RETRY_MS = 250;
/** The longest block of an idle worker, and the least that is worth a round trip, in seconds. */
const LONGEST_BLOCK_S = 5;
const SHORTEST_BLOCK_S = 0.5;

/**
 * Starts a worker. It waits for jobs on a connection of its own, where commands wait for a reconnect for ever
 * (`maxRetriesPerRequest` null, sent again after it: BullMQ needs both, or a command's promise may never settle).
 *
 * For that reason a primary that falls silent without closing its connections (a pause, a cut whose packets
 * vanish) would leave the worker waiting for ever, without an error: BullMQ 6.7 watches its blocking command
 * (6 s; taskforcesh/bullmq#4484), but not those that fetch and finish jobs. `jobs.blockingTimeoutMs` is the
 * socket timeout on both connections; null leaves them without.
 */
export function orderWorker(
  { config, redis, log, onClose }: AppContext,
  handle: (order: Order, how: How) => Promise<Processed>,
  metrics: JobMetrics,
): void {
  const { concurrency, attempts, blockingTimeoutMs } = config.jobs;
  const connection = redis('jobs', {
    purpose: 'worker',
    client: {
      offlineQueue: true,
      maxRetriesPerRequest: null,
      resend: true,
      commandTimeoutMs: null,
      socketTimeoutMs: blockingTimeoutMs,
    },
  });
  const process = async ({ id, data }: Job<Partial<Order>>) => {
    if (isOrder(data)) return handle(data, 'queued');
    // Its number was still in a list, but its hash had been evicted; another attempt would find no more.
    metrics.withoutData();
    throw new UnrecoverableError(`the data of job ${id} is gone: evicted, or deleted by somebody`);
  };
  const worker = new Worker<Order, Processed>(QUEUE, process, {
    connection,
    prefix: PREFIX,
    concurrency,
    drainDelay: blockSeconds(blockingTimeoutMs),
    runRetryDelay: RETRY_MS,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_EVERY_MS,
    // A job whose worker died is no bad job; the default gives it up at the second time.
    maxStalledCount: attempts,
  });
  let last = '';
  worker.on('error', ({ message }) => {
    if (message !== last) log.warn({ reason: message }, 'worker');
    last = message;
  });
  worker.on('failed', (job, { message }) => {
    const isLast = job === undefined || job.attemptsMade >= attempts;
    metrics.failed(isLast);
    log[isLast ? 'error' : 'warn']({ order: job?.data.id, isLast, reason: message }, 'order failed');
  });
  const backend: RedisQueueBackend = worker.getBackend();
  let isClosing = false;
  keepConnected(backend, () => isClosing);
  onClose(async () => {
    isClosing = true;
    // Jobs under way are finished; none is begun.
    const closed = worker.close().catch(() => {});
    const inTime = await Promise.race([closed.then(() => true), sleep(config.shutdownMs, false)]);
    if (!inTime) await Promise.race([worker.disconnect().catch(() => {}), sleep(100)]);
  });
}

function isOrder(data: Partial<Order>): data is Order {
  return data.id !== undefined && data.product !== undefined;
}

/** The blocking connection is BullMQ's own copy; with Sentinel it may end for good in the middle of a failover. */
function keepConnected({ blockingClient }: RedisQueueBackend, isClosing: () => boolean): void {
  blockingClient
    ?.then((client) => {
      client.on('end', () => {
        const again = () => {
          if (!isClosing() && client.status === 'end') client.connect().catch(() => {});
        };
        setTimeout(again, RETRY_MS).unref();
      });
    })
    .catch(() => {});
}

/** Shorter than the silence that ends a connection, or an idle worker would be taken for a wedged one. */
function blockSeconds(blockingTimeoutMs: number | null): number {
  if (blockingTimeoutMs === null) return LONGEST_BLOCK_S;
  return Math.min(LONGEST_BLOCK_S, Math.max(SHORTEST_BLOCK_S, (blockingTimeoutMs - 1000) / 1000));
}
