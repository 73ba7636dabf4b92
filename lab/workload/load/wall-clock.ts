import { monotonicMs } from '../../common/clock.ts';

/**
 * How far the time of day is ahead of the monotonic clock, in ms, to a few microseconds: it waits for the beginning of
 * a millisecond, at most one and a half of them. The time of day is what k6's script and Redis can tell; it may be set
 * while a run lasts, so it is compared when it is used.
 */
export function wallAheadMs(): number {
  for (;;) {
    let before = monotonicMs();
    const from = Date.now();
    for (;;) {
      const wallMs = Date.now();
      const at = monotonicMs();
      if (wallMs !== from) {
        if (at - before < 0.1) return wallMs - at;
        break;
      }
      before = at;
    }
  }
}
