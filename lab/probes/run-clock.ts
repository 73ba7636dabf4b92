import { monotonicMs } from '../common/clock.ts';

/** The run's zero on both clocks, read at the same moment, so that times in logs can be joined with ours. */
export interface RunClock {
  /** monotonicMs() at the run's start. */
  readonly startMs: number;
  /** Wall clock at the run's start, in ms since 1970. */
  readonly startWallMs: number;
  /** Milliseconds since the run's start. */
  now(): number;
  /** The same for a wall-clock time. Correct as long as nobody steps the wall clock during the run. */
  ofWall(wallMs: number): number;
}

/**
 * Waits for the beginning of a millisecond, at most one and a half of them: the wall clock tells no more than whole
 * ones, and read in the middle of one it would be late by up to that much.
 */
export function runClock(): RunClock {
  const { startMs, startWallMs } = beginningOfMs();
  return {
    startMs,
    startWallMs,
    now: () => monotonicMs() - startMs,
    ofWall: (wallMs) => wallMs - startWallMs,
  };
}

function beginningOfMs(): { startMs: number; startWallMs: number } {
  for (;;) {
    let before = monotonicMs();
    const from = Date.now();
    for (;;) {
      const startWallMs = Date.now();
      const startMs = monotonicMs();
      if (startWallMs !== from) {
        // Whoever was interrupted meanwhile knows nothing.
        if (startMs - before < 0.1) return { startMs, startWallMs };
        break;
      }
      before = startMs;
    }
  }
}
