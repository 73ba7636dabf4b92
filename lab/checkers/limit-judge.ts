import type { Findings } from './findings.ts';
import type { OverAdmissionCause } from './limit-causes.ts';
import { type Limit, replayOf } from './limit-definitions.ts';
import { deciders, type KeyLog } from './limit-log.ts';
import { refusalJudge } from './limit-refusals.ts';

/** What is wrong with a limit's decisions, over all its keys. */
export interface LimitTally {
  overAdmitted: number;
  overAdmittedByCause: Partial<Record<OverAdmissionCause, number>>;
  /** Of one key. */
  worstOverAdmitted: number;
  /** Keys of which more was admitted than is allowed. */
  keysOverAdmitted: number;
  underAdmitted: number;
  underAdmittedByCause: { 'counted-twice': number; blocked: number; unexplained: number };
  /** Counts that nobody was admitted for, at least. */
  countedInExcess: number;
  blockedKeys: number;
  longestBlockedUs: number;
  /** Most admissions of one key in any time as long as a window (or as a bucket takes to fill). */
  mostInAnyPeriod: number;
}

export function emptyTally(): LimitTally {
  return {
    overAdmitted: 0,
    overAdmittedByCause: {},
    worstOverAdmitted: 0,
    keysOverAdmitted: 0,
    underAdmitted: 0,
    underAdmittedByCause: { 'counted-twice': 0, blocked: 0, unexplained: 0 },
    countedInExcess: 0,
    blockedKeys: 0,
    longestBlockedUs: 0,
    mostInAnyPeriod: 0,
  };
}

type CauseOf = (atMs: number, periodMs: number) => OverAdmissionCause;

/** Judges one key's decisions and adds what was found. */
export function judgeKey(
  one: KeyLog,
  limit: Limit,
  causeOf: CauseOf,
  tally: LimitTally,
  findings: Findings,
): void {
  const codes = sorted(one.admitted);
  judgeAdmissions(one.key, codes, limit, causeOf, tally, findings);
  const certain = timesByRedis(codes);
  judgeRefusals(one, certain, limit, tally, findings);
}

function judgeAdmissions(
  key: string,
  codes: Float64Array,
  limit: Limit,
  causeOf: CauseOf,
  tally: LimitTally,
  findings: Findings,
): void {
  const { periodUs } = limit;
  const admit = replayOf(limit);
  /** Admissions past Redis, which Redis did not count: each of them explains one that Redis gave in excess. */
  const past: { at: number; cause: OverAdmissionCause }[] = [];
  let over = 0;
  let first = 0;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] as number;
    const at = Math.floor(code / 4);
    const by = deciders[code - at * 4];
    while ((codes[first] as number) < (at - periodUs + 1) * 4) first++;
    tally.mostInAnyPeriod = Math.max(tally.mostInAnyPeriod, i - first + 1);
    const own = by === 'open' ? 'fail-open' : by === 'local' ? 'local-caps' : null;
    if (admit(at)) {
      if (own !== null) past.push({ at, cause: own });
      continue;
    }
    while (past.length > 0 && (past[0]?.at ?? 0) <= at - 2 * periodUs) past.shift();
    const cause = own ?? past.shift()?.cause ?? causeOf(at / 1000, periodUs / 1000);
    over++;
    tally.overAdmittedByCause[cause] = (tally.overAdmittedByCause[cause] ?? 0) + 1;
    findings.offer(at / 1000, `over/${cause}`, () => {
      const text = `${key} was admitted although its limit of ${limit.most} was used up (${cause})`;
      return { at: at / 1000, kind: 'over-admitted', cause, text, key, value: at };
    });
  }
  tally.overAdmitted += over;
  tally.worstOverAdmitted = Math.max(tally.worstOverAdmitted, over);
  if (over > 0) tally.keysOverAdmitted++;
}

function judgeRefusals(
  one: KeyLog,
  admitted: Float64Array,
  limit: Limit,
  tally: LimitTally,
  findings: Findings,
): void {
  if (one.refused.length === 0) return;
  const { key } = one;
  const [refused, from, to] = [sorted(one.refused), sorted(one.from), sorted(one.to)];
  const judge = refusalJudge(limit, { admitted, from, to });
  const spans = blockedSpans(refused, limit.periodUs, admitted, from);
  for (const span of spans) {
    tally.blockedKeys++;
    tally.longestBlockedUs = Math.max(tally.longestBlockedUs, span.to - span.from);
    findings.offer(span.from / 1000, 'blocked', () => {
      const text = `${key} was refused for ${Math.round((span.to - span.from) / 1000)} ms without an admission`;
      return { at: span.from / 1000, to: span.to / 1000, kind: 'blocked', text, key };
    });
  }
  let window = Number.NEGATIVE_INFINITY;
  let worst = 0;
  for (const at of refused) {
    const { missing, counted } = judge(at);
    if (missing <= 0) continue;
    const isBlocked = spans.some((span) => at >= span.from && at <= span.to);
    const cause = isBlocked ? 'blocked' : counted > 0 ? 'counted-twice' : 'unexplained';
    tally.underAdmitted++;
    tally.underAdmittedByCause[cause]++;
    findings.offer(at / 1000, `under/${cause}`, () => {
      const text = `${key} was refused although ${missing} more of ${limit.most} were free (${cause})`;
      return { at: at / 1000, kind: 'under-admitted', cause, text, key, value: at };
    });
    // A window that is aligned begins anew; elsewhere one count too many may be missed for as long as it is asked.
    const current = Math.floor((at + limit.startUs) / limit.periodUs);
    if (limit.algorithm === 'fixed-window' && current > window) {
      tally.countedInExcess += worst;
      worst = 0;
      window = current;
    }
    if (cause === 'counted-twice') worst = Math.max(worst, missing);
  }
  tally.countedInExcess += worst;
}

/** The times of codes whose decider is Redis. */
function timesByRedis(codes: Float64Array): Float64Array {
  const times = new Float64Array(codes.length);
  let count = 0;
  for (const code of codes) {
    const at = Math.floor(code / 4);
    if (code === at * 4) times[count++] = at;
  }
  return times.subarray(0, count);
}

interface Span {
  from: number;
  to: number;
}

/** Times of refusals longer than two periods in which nothing was admitted, nor may have been. */
function blockedSpans(
  refused: Float64Array,
  periodUs: number,
  admitted: Float64Array,
  uncertain: Float64Array,
): Span[] {
  const spans: Span[] = [];
  const breaks = new Float64Array(admitted.length + uncertain.length);
  breaks.set(admitted);
  breaks.set(uncertain, admitted.length);
  if (uncertain.length > 0) breaks.sort();
  let next = 0;
  let begin = Number.NaN;
  let end = Number.NaN;
  const close = () => {
    if (end - begin > 2 * periodUs) spans.push({ from: begin, to: end });
    begin = Number.NaN;
  };
  for (const at of refused) {
    let isBroken = false;
    for (; next < breaks.length && (breaks[next] as number) <= at; next++) isBroken = true;
    if (isBroken) close();
    if (Number.isNaN(begin)) begin = at;
    end = at;
  }
  close();
  return spans;
}

/** Mostly recorded in order already. */
function sorted(values: readonly number[]): Float64Array {
  const array = Float64Array.from(values);
  for (let i = 1; i < array.length; i++)
    if ((array[i - 1] as number) > (array[i] as number)) return array.sort();
  return array;
}
