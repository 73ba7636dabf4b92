import type { Fault } from './fault.ts';
import { clockFault } from './host-clocks.ts';
import type { Targets } from './target.ts';

export interface DriftClockOptions {
  /** Whose hosts' time of day drifts. */
  on: Targets;
  /** How fast it goes on: 1 is right, 1.001 gains a millisecond in each second, 0 stands still. */
  rate: number;
}

/** The proof waits until the time of day is so far off. */
const SEEN_MS = 20;

/** Lets the time of day on hosts go on too fast, too slowly (0: not at all). The heal sets it right, by one step. */
export function driftClock({ on, rate }: DriftClockOptions): Fault {
  return clockFault(on, {
    name: 'drift-clock',
    text: rate === 0 ? 'stop the clock' : `let the clock go ${rate} times as fast`,
    change: (clock) => clock.drift(rate),
    shows: (aheadMs) => (rate > 1 ? aheadMs > SEEN_MS : aheadMs < -SEEN_MS),
  });
}
