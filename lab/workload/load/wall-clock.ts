import { wallTick } from '../../common/clock.ts';

/**
 * How far the time of day is ahead of the monotonic clock, in ms, to 0.1 ms. The time of day is what k6's script and
 * Redis can tell; it may be set while a run lasts, so it is compared when it is used.
 */
export function wallAheadMs(): number {
  const { wallMs, monotonicMs } = wallTick();
  return wallMs - monotonicMs;
}
