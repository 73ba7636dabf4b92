import { Counter, Gauge, type Registry } from 'prom-client';
import type { How } from './order.ts';
import type { OrderQueue } from './order-queue.ts';
import type { Processed } from './process-order.ts';

/** What is counted about orders and their queue. */
export interface JobMetrics {
  queued(): void;
  inline(): void;
  done(what: Processed, how: How): void;
  /** An attempt failed; `isLast`: there will be no other. */
  failed(isLast: boolean): void;
  /** A worker got a job whose data was gone. */
  withoutData(): void;
  evicting(isEvicting: boolean): void;
}

/** The queue is asked for its depth whenever the metrics are; while it is away, depth and age are not shown. */
export function jobMetrics(registry: Registry, queue: OrderQueue): JobMetrics {
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter<L>({ name, help, labelNames: [...labelNames], registers });
  const queued = counter('app_jobs_queued_total', 'Orders put into the queue.');
  const inline = counter('app_jobs_inline_total', 'Orders that were run in the request.');
  const processed = counter('app_jobs_processed_total', 'Orders processed, by way.', ['how']);
  const refused = counter('app_jobs_duplicates_refused_total', 'Orders that had been processed before.');
  const failed = counter('app_jobs_failed_total', 'Attempts that failed; last: there is no other.', ['last']);
  const withoutData = counter('app_jobs_without_data_total', 'Jobs whose data was gone: evicted or deleted.');
  const evicting = new Gauge({
    name: 'app_jobs_redis_evicts',
    help: "1 when the queue's Redis may evict jobs: its maxmemory-policy is not noeviction.",
    registers,
  });
  const oldest = new Gauge({
    name: 'app_jobs_oldest_waiting_seconds',
    help: 'Age of the oldest job that waits; NaN while the queue is away.',
    registers,
  });
  new Gauge({
    name: 'app_jobs_queue_depth',
    help: 'Jobs in the queue, by state.',
    labelNames: ['state'],
    registers,
    async collect() {
      this.reset();
      const depth = await queue.depth().catch(() => null);
      oldest.set(depth?.oldestWaitingSeconds ?? Number.NaN);
      for (const [state, count] of Object.entries(depth?.counts ?? {})) this.set({ state }, count);
    },
  });
  return {
    queued: () => queued.inc(),
    inline: () => inline.inc(),
    done(what, how) {
      if (what === 'processed') processed.inc({ how });
      else refused.inc();
    },
    failed: (isLast) => failed.inc({ last: isLast ? 'yes' : 'no' }),
    withoutData: () => withoutData.inc(),
    evicting: (isEvicting) => evicting.set(isEvicting ? 1 : 0),
  };
}
