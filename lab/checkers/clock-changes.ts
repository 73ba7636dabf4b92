import type { Observations } from '../history/observations.ts';

/** The faults by which a host's time of day is wrong; each is another one's end, by a step, when it is healed. */
const CLOCK_FAULTS = ['step-clock', 'drift-clock'];

/** When the time of day was wrong on some host, its first and its last moment included. */
export function clockChangesOf({ faults, durationMs }: Observations): { from: number; to: number }[] {
  return faults
    .filter(({ name, provedAt }) => CLOCK_FAULTS.includes(name) && provedAt !== null)
    .map(({ injectedAt, healedAt, recoveredAt }) => ({
      from: injectedAt,
      to: recoveredAt ?? healedAt ?? durationMs,
    }));
}
