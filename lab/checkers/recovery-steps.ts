import type { FaultWindow } from '../history/observations.ts';

/** What happened after a fault. */
export interface Steps {
  /** When each step first happened, in ms since the run's start. */
  times: Readonly<Record<string, number | null>>;
  failovers: number;
  attempts: number;
  aborted: number;
}

/** Until when attempts count as made for a fault: until the next fault that was injected after its heal. */
export function attemptsUntil({ healedAt }: FaultWindow, faults: readonly FaultWindow[]): number {
  if (healedAt === null) return Number.POSITIVE_INFINITY;
  return Math.min(
    Number.POSITIVE_INFINITY,
    ...faults.flatMap(({ injectedAt }) => (injectedAt >= healedAt ? [injectedAt] : [])),
  );
}
