import type { EventLog } from '../probes/event-log.ts';

/** Not more often than this, in ms: a record of a long run is a megabyte. */
const APART_MS = 1000;

/**
 * Has a snapshot told after each change of a fault, so that whoever started the run knows what it had come to if it
 * is killed. Returns what ends that.
 */
export function tellOnFaults(events: EventLog, tell: () => void): () => void {
  let timer: NodeJS.Timeout | null = null;
  let toldAt = Number.NEGATIVE_INFINITY;
  const unsubscribe = events.subscribe(({ kind }) => {
    if (kind !== 'fault' || timer !== null) return;
    timer = setTimeout(
      () => {
        timer = null;
        toldAt = performance.now();
        tell();
      },
      Math.max(0, toldAt + APART_MS - performance.now()),
    ).unref();
  });
  return () => {
    unsubscribe();
    if (timer !== null) clearTimeout(timer);
  };
}
