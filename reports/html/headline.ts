import type { RunDocument } from '../data/run-document.ts';

/** The few numbers that a run comes down to; null where the run does not know. */
export interface Headline {
  acknowledged: number | null;
  lost: number | null;
  /** Longest time without a success for any client. */
  longestOutageMs: number | null;
  /** From the first fault to the first success after the switch, or to the last client, as the recovery check has it. */
  recoveryMs: number | null;
}

/** Reads the headline from the checks' figures. */
export function headlineOf(document: RunDocument): Headline {
  const figures = document.checks.flatMap((check) =>
    Object.entries(check.figures).map(([name, value]) => ({ checker: check.spec.checker, name, value })),
  );
  const values = (wanted: RegExp, checker?: string) =>
    figures
      .filter((each) => wanted.test(each.name) && (checker === undefined || each.checker === checker))
      .map((each) => each.value)
      .filter((value) => typeof value === 'number');
  const max = (found: number[]) => (found.length === 0 ? null : Math.max(...found));
  const sum = (found: number[]) => (found.length === 0 ? null : found.reduce((a, b) => a + b, 0));
  return {
    acknowledged: sum(values(/^acknowledged$/)),
    lost: sum(values(/^lost$/)),
    longestOutageMs: max(values(/^longest.*(outage|gap).*Ms$/i)),
    recoveryMs: max(values(/^total.*Ms$|^(recovery|faultToLast.*|faultToFirst.*)Ms$/i, 'recovery')),
  };
}
