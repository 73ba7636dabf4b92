/** The cache was not asked, or did not answer: the breaker is open, a timeout, a refusal. */
export class CacheAway extends Error {
  override readonly name = 'CacheAway';
}

export type BreakerState = 'closed' | 'half-open' | 'open';

export interface Breaker {
  readonly state: BreakerState;
  /** Runs it, unless the breaker is open. Throws CacheAway with the failure as its cause. */
  run<T>(ask: () => Promise<T>): Promise<T>;
}

export interface BreakerSettings {
  failures: number;
  openMs: number;
}

/**
 * Opens after so many failures in a row; after `openMs` one request tries, and what comes of it decides. Small enough
 * to be its own: timeouts are the connection's, and shares over rolling windows would only make the moment at which it
 * opens harder to predict. null: never opens. `now` in ms.
 */
export function breaker(
  settings: BreakerSettings | null,
  onFailure: (error: unknown) => void = () => {},
  now: () => number = () => performance.now(),
): Breaker {
  let inARow = 0;
  let openUntil: number | null = null;
  let isTrying = false;
  const state = (): BreakerState => {
    if (openUntil === null) return 'closed';
    return now() >= openUntil ? 'half-open' : 'open';
  };
  const failed = (error: unknown) => {
    onFailure(error);
    inARow++;
    if (settings !== null && inARow >= settings.failures) openUntil = now() + settings.openMs;
  };
  return {
    get state() {
      return state();
    },
    async run(ask) {
      const before = state();
      if (before === 'open' || (before === 'half-open' && isTrying))
        throw new CacheAway('the breaker is open');
      const isTrial = before === 'half-open';
      if (isTrial) isTrying = true;
      try {
        const answer = await ask();
        inARow = 0;
        openUntil = null;
        return answer;
      } catch (cause) {
        failed(cause);
        throw new CacheAway('the cache did not answer', { cause });
      } finally {
        if (isTrial) isTrying = false;
      }
    },
  };
}
