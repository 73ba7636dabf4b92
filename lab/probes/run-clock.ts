import { monotonicMs, wallTick } from '../common/clock.ts';

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

/** A clock whose zero is now. It waits for the beginning of a millisecond (see wallTick). */
export function runClock(): RunClock {
  const { monotonicMs: startMs, wallMs: startWallMs } = wallTick();
  return {
    startMs,
    startWallMs,
    now: () => monotonicMs() - startMs,
    ofWall: (wallMs) => wallMs - startWallMs,
  };
}
