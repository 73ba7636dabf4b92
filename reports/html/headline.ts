import type { RunDocument } from '../data/run-document.ts';

/** The few numbers that a run comes down to; null where the run does not know. */
export interface Headline {
  acknowledged: number | null;
  lost: number | null;
  /** Longest time without a success for any client. */
  longestOutageMs: number | null;
  /** From the fault until the last client worked again. */
  recoveryMs: number | null;
  /** Clients that never worked again while the load ran. */
  neverRecovered: number | null;
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
  // The set's ids say it best; without a set, what a register or a counter lost.
  const kinds = [
    [/^lost$/, /^acknowledged$/],
    [/^lostVersions$/, /^writes$/],
    [/^lostIncrements$/, /^ok$/],
  ] as const;
  const [lost, acknowledged] = kinds.find(([name]) => values(name).length > 0) ?? kinds[0];
  return {
    acknowledged: sum(values(acknowledged)),
    lost: sum(values(lost)),
    longestOutageMs: max(values(/^longestOutageMs$/)),
    recoveryMs: max(values(/^lastClientMs$/, 'recovery')),
    neverRecovered: max(values(/^neverRecovered$/)),
  };
}
