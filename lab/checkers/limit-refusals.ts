import { isAligned, type Limit } from './limit-definitions.ts';

/** What one key's refusals are judged by. All ascending, in µs since the run's start. */
export interface Counted {
  /** Every admission. */
  admitted: Float64Array;
  /** What may have been counted at any time from `from[i]` … (ascending by themselves) … */
  from: Float64Array;
  /** … to `to[j]`. */
  to: Float64Array;
}

/** How many more the definition would have admitted at the time of a refusal, at least; 0 or less: it was right. `counted`: what counts against it, at most. */
export type Judge = (atUs: number) => { missing: number; counted: number };

/**
 * Judges refusals, in order of time. Everything that may have been counted is taken as counted, for as long as it
 * may matter, so that only a refusal that nothing recorded can justify is held against the limiter.
 */
export function refusalJudge(limit: Limit, counted: Counted): Judge {
  if (limit.algorithm === 'sliding-log') return slidingLog(limit, counted);
  return isAligned(limit.algorithm) ? aligned(limit, counted) : bucket(limit, counted);
}

/** How many of an ascending array are at most `value`; asked with values that hardly ever fall. */
function upTo(values: Float64Array): (value: number) => number {
  let at = 0;
  return (value) => {
    while (at > 0 && (values[at - 1] as number) > value) at--;
    while (at < values.length && (values[at] as number) <= value) at++;
    return at;
  };
}

/** How many lie in [from, to], or may. */
function countIn({ admitted, from, to }: Counted): (low: number, high: number) => number {
  const [before, until, begun, ended] = [upTo(admitted), upTo(admitted), upTo(from), upTo(to)];
  // Half a µs: recorded times are whole ones, so this is "less than".
  return (low, high) => until(high) - before(low - 0.5) + Math.max(0, begun(high) - ended(low - 0.5));
}

function slidingLog({ most, periodUs, toleranceUs }: Limit, all: Counted): Judge {
  const count = countIn(all);
  return (at) => {
    const counted = count(at - periodUs - 2 * toleranceUs, at + toleranceUs);
    return { missing: most - counted, counted };
  };
}

function aligned({ algorithm, most, periodUs, startUs, toleranceUs }: Limit, all: Counted): Judge {
  const countCurrent = countIn(all);
  const countPrevious = countIn(all);
  return (at) => {
    const begin = Math.floor((at + startUs) / periodUs) * periodUs - startUs;
    const since = at - begin;
    const counted = countCurrent(begin - toleranceUs, at + toleranceUs);
    if (since <= toleranceUs || periodUs - since <= toleranceUs) return { missing: 0, counted };
    if (algorithm === 'fixed-window') return { missing: most - counted, counted };
    const previous = countPrevious(begin - periodUs - toleranceUs, begin + toleranceUs);
    const share = Math.min(1, (periodUs - since + 2 * toleranceUs) / periodUs);
    return { missing: Math.floor(most - counted - previous * share), counted: counted + previous };
  };
}

/** What is uncertain takes its token as late as it can, and until then is held back beside. */
function bucket({ most, costUs, toleranceUs }: Limit, { admitted, from, to }: Counted): Judge {
  const full = most * costUs;
  const begun = upTo(from);
  let credit = full;
  let since = Number.NEGATIVE_INFINITY;
  let taken = 0;
  let ended = 0;
  const fill = (at: number) => {
    credit = Math.min(full, credit + Math.max(0, at - since));
    since = Math.max(since, at);
  };
  return (at) => {
    for (;;) {
      const next = Math.min(
        admitted[taken] ?? Number.POSITIVE_INFINITY,
        to[ended] ?? Number.POSITIVE_INFINITY,
      );
      if (next > at + toleranceUs) break;
      fill(next);
      credit = Math.max(0, credit - costUs);
      if (next === admitted[taken]) taken++;
      else ended++;
    }
    fill(at);
    const outstanding = Math.max(0, begun(at + toleranceUs) - ended);
    const missing = Math.floor((credit - 2 * toleranceUs) / costUs + 1e-9) - outstanding;
    return { missing, counted: most - missing };
  };
}
