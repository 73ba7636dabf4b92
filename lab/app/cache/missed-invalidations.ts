import type { AppContext } from '../context.ts';

/** Invalidations that Redis has not heard yet. */
export interface MissedInvalidations {
  /** Tells Redis now by `tellNow`, or, if that fails, that the key is invalid as soon as it can be told. Never throws. */
  tell(key: string, tellNow: (key: string) => Promise<void>): Promise<void>;
}

/** More push the oldest out; what is old then ends with its TTL. */
const MOST = 10_000;
const RETRY_MS = 100;

/**
 * A write that has reached the database is done, whether or not the cache hears of it. What the cache did not hear
 * would be served until its TTL ends, so it is told again until it answers; `retry` false: it is told once. A crash
 * forgets them: then the TTL is the bound.
 */
export function missedInvalidations(
  retry: boolean,
  invalidate: (key: string) => Promise<void>,
  onMissed: () => void,
  { onClose, log }: Pick<AppContext, 'onClose' | 'log'>,
): MissedInvalidations {
  const missed = new Set<string>();
  let isRetrying = false;
  const retryAll = async () => {
    if (isRetrying) return;
    isRetrying = true;
    try {
      for (const key of missed) {
        missed.delete(key);
        try {
          await invalidate(key);
        } catch {
          missed.add(key);
          return;
        }
      }
    } finally {
      isRetrying = false;
    }
  };
  const timer = setInterval(() => void retryAll(), RETRY_MS).unref();
  onClose(async () => {
    clearInterval(timer);
    await retryAll();
  });
  return {
    async tell(key, tellNow) {
      try {
        await tellNow(key);
      } catch (error) {
        onMissed();
        log.debug({ key, reason: String(error) }, 'the cache did not hear an invalidation');
        if (!retry) return;
        const [oldest] = missed;
        if (missed.size >= MOST && oldest !== undefined) missed.delete(oldest);
        missed.add(key);
      }
    },
  };
}
