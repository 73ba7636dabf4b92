/**
 * Time as the lab measures it: milliseconds on the machine's monotonic clock, which every process on the
 * machine shares, so times taken by different processes of one run can be compared.
 */

/** Milliseconds on the monotonic clock, with microsecond resolution. */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + Math.round(nanoseconds / 1000) / 1000;
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
