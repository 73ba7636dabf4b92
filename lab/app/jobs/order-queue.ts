import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import type { AppContext } from '../context.ts';
import { fateOf } from '../fate.ts';
import type { Order } from './order.ts';
import { replicasAsked } from './replicas-asked.ts';

export const QUEUE = 'orders';
/** Braces keep all keys of the queue in one slot of a cluster; elsewhere they mean nothing. */
export const PREFIX = '{jobs}';

/** `away`: certainly not in the queue. `unknown`: no answer in time, too few replicas have it, or the connection broke; it may be in it. */
export type Enqueued = 'queued' | 'away' | 'unknown';

export interface QueueDepth {
  counts: Readonly<Record<string, number>>;
  /** 0 when none waits. */
  oldestWaitingSeconds: number;
}

/** The request's side of the queue: it answers within `jobs.enqueueTimeoutMs`, whatever becomes of Redis. */
export interface OrderQueue {
  add(order: Order): Promise<Enqueued>;
  /** Rejects while the queue is away. */
  depth(): Promise<QueueDepth>;
  /** Whether there is a connection at this moment. */
  isThere(): boolean;
  close(): Promise<void>;
}

/**
 * Adds jobs over the role's connection for requests: without an offline queue and with a command timeout (the
 * defaults), so that an order neither waits for Redis nor is sent later, when its request has long been answered.
 * A job's id is its order's, so adding it again while BullMQ remembers it changes nothing.
 */
export function orderQueue({ config, redis, log }: AppContext): OrderQueue {
  const { enqueueTimeoutMs, attempts, acknowledgedBy, acknowledgeWithinMs } = config.jobs;
  const connection = redis('jobs');
  const isThere = () => connection.status === 'ready';
  const mayWait = config.clients.jobs.offlineQueue;
  const queue = new Queue<Order>(QUEUE, {
    connection,
    prefix: PREFIX,
    // The version is asked for once, at the first connect; if that one command fails, every add would, for ever.
    skipVersionCheck: true,
    defaultJobOptions: {
      attempts,
      backoff: { type: 'exponential', delay: 500, jitter: 0.5 },
      // Remembered for a while, so that a client's retry is recognised before it costs anything.
      removeOnComplete: { age: 3600, count: 1000 },
      // Those that failed for good are kept: somebody has to look at them.
      removeOnFail: false,
    },
  });
  queue.on('error', (error) => log.debug({ reason: error.message }, 'queue'));
  const replicas = replicasAsked(connection, acknowledgedBy, acknowledgeWithinMs);
  const put = async (order: Order): Promise<Enqueued> => {
    const ask = replicas();
    const job = await queue.add('order', order, { jobId: `order-${order.id}` });
    // Adding an id that is known changes nothing, also where it has failed for good: asking again is one more try.
    if (await job.isFailed()) await job.retry('failed');
    return (await ask()) ? 'queued' : 'unknown';
  };
  return {
    isThere,
    async add(order) {
      if (!isThere() && !mayWait) return 'away';
      const added = put(order).catch((error) => (fateOf(error) === 'refused' ? 'away' : 'unknown'));
      return within(enqueueTimeoutMs, added, 'unknown');
    },
    async depth() {
      if (!isThere()) throw new Error('the queue is away');
      const asked = Promise.all([
        queue.getJobCounts('waiting', 'active', 'delayed', 'failed'),
        queue.getJobs(['waiting'], 0, 0, true),
      ]);
      const answer = await within(
        enqueueTimeoutMs,
        asked.catch(() => null),
        null,
      );
      if (answer === null) throw new Error('the queue does not answer');
      const [counts, [oldest]] = answer;
      const ageMs = oldest === undefined ? 0 : Math.max(0, Date.now() - oldest.timestamp);
      return { counts, oldestWaitingSeconds: ageMs / 1000 };
    },
    close: () => queue.close(),
  };
}

async function within<T>(ms: number, done: Promise<T>, late: T): Promise<T> {
  const stop = new AbortController();
  const timer = sleep(ms, late, { signal: stop.signal }).catch(() => late);
  try {
    return await Promise.race([done, timer]);
  } finally {
    stop.abort();
  }
}
