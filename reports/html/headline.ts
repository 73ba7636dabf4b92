import type { CheckSpec } from '../../lab/checkers/checker.ts';
import type { RunDocument } from '../data/run-document.ts';
import { afterWords } from './after-words.ts';
import { number, seconds } from './units.ts';

/** The few numbers that a run comes down to; null where the run does not know. */
export interface Headline {
  acknowledged: number | null;
  lost: number | null;
  /** Longest time without a success for any client. */
  longestOutageMs: number | null;
  /** Times without a success up to this length are no outage: one of length 0 means that none was longer. */
  outageGapMs: number;
  /** From when on outages were counted, where that is not the load's beginning: `from the promotion on`. */
  outageAfter: string | null;
  /** From the fault until the last client worked again. */
  recoveryMs: number | null;
  /** Clients that never worked again while the load ran. */
  neverRecovered: number | null;
}

/** The availability checker's own default (lab/checkers/availability.ts). */
const defaultGapMs = 250;

function gapMs({ checker, options }: CheckSpec): number | null {
  if (checker !== 'availability') return null;
  return typeof options.gapMs === 'number' ? options.gapMs : defaultGapMs;
}

/** Of the availability check whose outage is the longest. */
function outageAfter({ checks }: RunDocument): string | null {
  const lengthOf = ({ figures }: RunDocument['checks'][number]) => Number(figures.longestOutageMs ?? -1);
  const longest = checks
    .filter(({ spec }) => spec.checker === 'availability')
    .sort((a, b) => lengthOf(b) - lengthOf(a))[0];
  return longest === undefined ? null : afterWords(longest.spec);
}

/** The longest outage in words: `2.88 s`, or `none above 250 ms`. */
export function outageText({ longestOutageMs, outageGapMs }: Headline): string {
  if (longestOutageMs === null) return 'not known';
  return longestOutageMs === 0 ? `none above ${number(outageGapMs)}\u202fms` : seconds(longestOutageMs);
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
    outageAfter: outageAfter(document),
    outageGapMs:
      max(document.checks.map(({ spec }) => gapMs(spec)).filter((ms) => ms !== null)) ?? defaultGapMs,
    recoveryMs: max(values(/^lastClientMs$/, 'recovery')),
    neverRecovered: max(values(/^neverRecovered$/)),
  };
}
