import { monotonicMs, sleep } from '../common/clock.ts';
import { readMetrics } from '../probes/prometheus-text.ts';
import type { AppNode } from '../services/app-node.ts';

/** A job whose worker was lost is taken over after its lock (3 s) and two looks for such (1.5 s each); and a margin. */
const PATIENCE_MS = 7000;
const EVERY_MS = 50;
const DEPTH = /^app_jobs_queue_depth\{.*state="(waiting|active|delayed)".*\}$/;

/**
 * Waits until no order is on its way any more: an instance says that none of the queue's jobs waits, is worked on or
 * is to be tried again. Gives up after 7 s, or at once where no instance runs; what then still waits is told apart by
 * whoever judges the orders. Rejects when `signal` aborts.
 */
export async function queueDrained(apps: readonly AppNode[], signal: AbortSignal): Promise<void> {
  const running = apps.filter(({ process }) => process?.exit === null);
  const end = monotonicMs() + PATIENCE_MS;
  while (running.length > 0 && monotonicMs() < end) {
    for (const app of running) if ((await depthOf(app)) === 0) return;
    await sleep(EVERY_MS, signal);
  }
}

/** Jobs that are on their way; null when the instance cannot tell, because its queue is away. */
async function depthOf(app: AppNode): Promise<number | null> {
  const text = await app.text('/metrics').catch(() => '');
  let depth: number | null = null;
  readMetrics(text, new Map(), (series, value) => {
    if (DEPTH.test(series)) depth = (depth ?? 0) + value;
  });
  return depth;
}
