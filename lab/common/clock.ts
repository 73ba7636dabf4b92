/**
 * Time as the lab measures it: milliseconds on the machine's monotonic clock, which every process on the
 * machine shares, so times taken by different processes of one run can be compared.
 */

import { real } from './lab-speed.ts';

/** Milliseconds on the monotonic clock, with microsecond resolution. */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + Math.round(nanoseconds / 1000) / 1000;
}

/** How far apart the two readings may be between which a millisecond began; who was interrupted meanwhile tries again. */
const TICK_WITHIN_MS = real(0.1);

/**
 * Both clocks at one moment, to 0.1 ms: `wallMs` in ms since 1970, `monotonicMs` as by monotonicMs(). The time of day
 * tells whole milliseconds only, so it waits for the beginning of one, at most one and a half of them.
 */
export function wallTick(): { wallMs: number; monotonicMs: number } {
  for (;;) {
    // Taken before the reading of the wall clock that was still the old one.
    let before = monotonicMs();
    const from = Date.now();
    for (;;) {
      const next = monotonicMs();
      const wallMs = Date.now();
      const at = monotonicMs();
      if (wallMs !== from) {
        if (at - before < TICK_WITHIN_MS) return { wallMs, monotonicMs: at };
        break;
      }
      before = next;
    }
  }
}

/** Resolves after `ms` milliseconds, or rejects with the signal's reason when it is aborted before. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
