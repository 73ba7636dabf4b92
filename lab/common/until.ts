import { monotonicMs, sleep } from './clock.ts';
import { LabError, messageOf } from './errors.ts';
import { real } from './lab-speed.ts';

export interface UntilOptions {
  /** What is waited for, as a phrase that completes "waiting for …". */
  what: string;
  /** Milliseconds until it gives up. */
  withinMs: number;
  /** Milliseconds of real time between tries. Default 5. */
  everyMs?: number;
  signal?: AbortSignal;
  /** Errors of this class end the wait at once and are thrown as they are. */
  fatal?: new (
    ...args: never[]
  ) => Error;
}

/**
 * Waits for a condition: calls `probe` until it returns something truthy, and returns that.
 * A probe that throws counts as "not yet"; its last error is the cause when the time is up.
 * Throws LabError after `withinMs`.
 */
export async function until<T>(
  probe: () => T | Promise<T>,
  options: UntilOptions,
): Promise<Exclude<T, false | undefined | null | 0 | ''>> {
  const deadline = monotonicMs() + options.withinMs;
  let last: unknown;
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      const value = await probe();
      // The cast says what the condition above it has established: the value is truthy.
      if (value) return value as Exclude<T, false | undefined | null | 0 | ''>;
      last = undefined;
    } catch (error) {
      if (options.fatal && error instanceof options.fatal) throw error;
      last = error;
    }
    if (monotonicMs() >= deadline) {
      const why = last === undefined ? '' : ` (last: ${messageOf(last)})`;
      throw new LabError(`gave up after ${options.withinMs} ms waiting for ${options.what}${why}`, {
        cause: last,
      });
    }
    await sleep(real(options.everyMs ?? 5), options.signal);
  }
}
