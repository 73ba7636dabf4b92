import type { Fault } from '../faults/fault.ts';
import type { Condition } from './condition.ts';

/** One thing that a nemesis does. */
export type Step =
  | { do: 'wait'; ms: number }
  | { do: 'inject'; fault: Fault }
  | { do: 'heal' }
  | { do: 'wait-until'; condition: Condition; withinMs: number };

/**
 * A line of a schedule, read from left to right:
 * `at(500).inject(isolate('primary')).until(promotion).then(1000).inject(kill('primary')).for(2000)`.
 */
export interface Line {
  readonly steps: readonly Step[];
  /** Injects a fault; it stays until `for`, `until` or the end of the disturbance. */
  inject(fault: Fault): Line;
  /** Keeps the last fault in force for so long, then heals it. */
  for(ms: number): Line;
  /** Keeps the last fault in force until something is seen, then heals it; heals it all the same after `withinMs`. */
  until(condition: Condition, options: { withinMs: number }): Line;
  /** Goes on after `ms` (default 0), leaving in force what is in force. */
  then(ms?: number): Line;
  /** Goes on when something is seen since the last fault was injected, or after `withinMs`; heals nothing. */
  once(condition: Condition, options: { withinMs: number }): Line;
}

/** Lines that run side by side. What is still in force when all have ended is healed in the reverse order. */
export interface Schedule {
  readonly lines: readonly Line[];
}

/** Starts a line `ms` milliseconds into the disturbance. */
export function at(ms: number): Line {
  return line([{ do: 'wait', ms }]);
}

/** A nemesis of several lines. */
export function schedule(...lines: readonly Line[]): Schedule {
  return { lines };
}

function line(steps: readonly Step[]): Line {
  const and = (...more: Step[]) => line([...steps, ...more]);
  return {
    steps,
    inject: (fault) => and({ do: 'inject', fault }),
    for: (ms) => and({ do: 'wait', ms }, { do: 'heal' }),
    until: (condition, { withinMs }) => and({ do: 'wait-until', condition, withinMs }, { do: 'heal' }),
    // biome-ignore lint/suspicious/noThenProperty: a schedule reads "…, then …"; a Line is never awaited.
    then: (ms = 0) => and({ do: 'wait', ms }),
    once: (condition, { withinMs }) => and({ do: 'wait-until', condition, withinMs }),
  };
}
