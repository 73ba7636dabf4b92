import type { Fault } from './fault.ts';
import { clockFault } from './host-clocks.ts';
import type { Targets } from './target.ts';

export interface StepClockOptions {
  /** Whose hosts' time of day is set. */
  on: Targets;
  /** By how many ms: forward, or with a negative number back. A leap second as many systems take it is -1000. */
  byMs: number;
}

/** Sets the time of day on hosts, as ntpd does with a clock that is far off, or an operator. The heal sets it right. */
export function stepClock({ on, byMs }: StepClockOptions): Fault {
  const how = byMs < 0 ? 'back' : 'forward';
  return clockFault(on, {
    name: 'step-clock',
    text: `set the clock ${how} by ${Math.abs(byMs) / 1000} s`,
    change: (clock) => clock.step(byMs),
    shows: (aheadMs) => Math.abs(aheadMs - byMs) < Math.abs(byMs) / 2,
  });
}
