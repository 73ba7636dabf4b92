import { UsageError } from '../common/errors.ts';
import type { Observations } from '../history/observations.ts';
import type { Checker, CheckResult, Figures, Verdict } from './checker.ts';
import { collectFindings, type Findings } from './findings.ts';
import { redisCauses } from './limit-causes.ts';
import { isAligned, type Limit, type LimitAlgorithm, limitAlgorithms } from './limit-definitions.ts';
import { emptyTally, judgeKey, type LimitTally } from './limit-judge.ts';
import { type LimitLog, readLimitLog } from './limit-log.ts';
import { readOptions } from './options.ts';

const schema = {
  group: 'text',
  policy: 'text',
  algorithm: 'text',
  limit: 'number',
  windowMs: 'number',
  capacity: 'number',
  perSecond: 'number',
  maxOverAdmitted: 'number',
  maxUnderAdmitted: 'number',
  mayFailOpen: 'flag',
  maxFailOpenMs: 'number',
  maxFailClosedMs: 'number',
  startedAtUnixMs: 'number',
  graceMs: 'number',
  toleranceUs: 'number',
} as const;

type Options = ReturnType<typeof readOptions<typeof schema>>;

/** Decisions past Redis that are no further apart belong to one time of its absence. */
const awayGapMs = 500;

/**
 * Whether a rate limit was what it claims to be (`admit` operations, see history/application.ts).
 *
 * Options: `name`; `group`; `policy` and its `algorithm` (both needed) with `limit` and `windowMs`, or `capacity` and
 * `perSecond`; `maxOverAdmitted` and `maxUnderAdmitted` (default 0); `mayFailOpen` (default false): what was admitted
 * in excess because of failing open does not decide; `maxFailOpenMs`, `maxFailClosedMs`: longest time of either;
 * `startedAtUnixMs`: the run's start, where the observations do not have it; `graceMs` (default 1000): how long after
 * its end a request of unknown outcome may still be counted; `toleranceUs` (default 2) of recorded decision times.
 */
export function limits(options: Readonly<Record<string, unknown>> = {}): Checker {
  const read = readOptions('limits', options, schema);
  const { name = 'limits', policy, group, graceMs = 1000 } = read;
  const limit = limitOf(read);
  if (policy === undefined) throw new UsageError('check limits: policy: expected a name, got nothing');
  return {
    name,
    verifies: `${definitions[limit.algorithm]} Admissions in excess are counted and attributed; so are refusals that nothing recorded justifies (a count that was doubled, or never expires), keys refused for more than two windows without an admission, and the time in which somebody else than Redis decided.`,
    doesNotVerify:
      'Requests whose admission was never recorded (a client that died), and what happened to a key before the run. An outcome that nobody knows is taken as counted where a refusal is judged and as not admitted where admissions are; overAdmittedAtMost says how many it could add. A cause is inferred from times, not observed for the single request.',
    check: ({ history, seen }) => {
      const startedAt = read.startedAtUnixMs ?? seen.startedAtUnixMs;
      if (startedAt === undefined && isAligned(limit.algorithm))
        return unknown('the start of the run in Unix time, to which windows are aligned, is not known');
      const log = readLimitLog(history, { policy, group, graceMs });
      const findings = collectFindings();
      const tally = emptyTally();
      const causeOf = redisCauses(seen);
      const placed = { ...limit, startUs: Math.round((startedAt ?? 0) * 1000) };
      for (const one of log.keys.values()) judgeKey(one, placed, causeOf, tally, findings);
      return conclude(log, tally, findings, limit, read, seen);
    },
  };
}

const definitions: Readonly<Record<LimitAlgorithm, string>> = {
  'fixed-window':
    'In every window aligned to Unix time at most the limit is admitted (twice as much in a window that is not aligned is legal).',
  'sliding-log': 'In every window, wherever it begins, at most the limit is admitted.',
  'sliding-counter':
    'Each admission keeps to previous × (share of the previous window still in the sliding one) + current + 1 ≤ limit; mostInAnyPeriod tells how far that is from the true sliding count.',
  'token-bucket': 'In any [s, e] at most capacity + perSecond × (e − s) are admitted.',
  'leaky-bucket':
    'The level, which each admission raises by one and which falls by perSecond, never exceeds the capacity; with a capacity of 1: no two admissions are closer than 1 ÷ perSecond.',
};

function limitOf(options: Options): Limit {
  const { algorithm, limit, windowMs, capacity, perSecond, toleranceUs = 2 } = options;
  const known = limitAlgorithms.find((one) => one === algorithm);
  if (known === undefined)
    throw new UsageError(
      `check limits: algorithm: expected one of ${limitAlgorithms.join(', ')}, got ${JSON.stringify(algorithm)}`,
    );
  const isBucket = known === 'token-bucket' || known === 'leaky-bucket';
  const figures = isBucket ? { capacity, perSecond } : { limit, windowMs };
  for (const [option, value] of Object.entries(figures))
    if (value === undefined || value === 0)
      throw new UsageError(
        `check limits: ${option}: expected a number above 0 for a ${known}, got ${value ?? 'nothing'}`,
      );
  const most = (isBucket ? capacity : limit) ?? 0;
  const costUs = isBucket ? 1e6 / (perSecond ?? 0) : 0;
  const periodUs = isBucket ? most * costUs : (windowMs ?? 0) * 1000;
  return { algorithm: known, most, periodUs, costUs, startUs: 0, toleranceUs };
}

/** Spans of time between decisions past Redis, in ms. */
function timesAway(atMs: readonly number[]): { from: number; to: number }[] {
  const spans: { from: number; to: number }[] = [];
  for (const at of Float64Array.from(atMs).sort()) {
    const last = spans.at(-1);
    if (last !== undefined && at - last.to <= awayGapMs) last.to = at;
    else spans.push({ from: at, to: at });
  }
  return spans;
}

function conclude(
  log: LimitLog,
  tally: LimitTally,
  findings: Findings,
  limit: Limit,
  options: Options,
  seen: Observations,
): CheckResult {
  const away = (['open', 'local', 'closed'] as const).map((by) => {
    const spans = timesAway(log.awayMs[by]);
    for (const { from, to } of spans)
      findings.offer(from, `by ${by}`, () => {
        const text = `decided by ${byText[by]} for ${Math.round(to - from)} ms`;
        return { at: from, to, kind: 'without-redis', cause: by, text };
      });
    return spans.reduce((sum, { from, to }) => sum + to - from, 0);
  });
  const [failOpenMs = 0, localMs = 0, failClosedMs = 0] = away;
  const loadMs = seen.loadWindow.to - seen.loadWindow.from;
  const share = (ms: number) => (loadMs > 0 ? Math.round((ms / loadMs) * 1e4) / 1e4 : 0);
  const sum = (of: Readonly<Record<string, number>>) => Object.values(of).reduce((a, b) => a + b, 0);
  const [admitted, refused] = [sum(log.admitted), sum(log.refused)];
  const { longestBlockedUs, ...counts } = tally;
  const figures: Figures = {
    keys: log.keys.size,
    admitted,
    refused,
    info: log.info,
    admittedBy: log.admitted,
    refusedBy: log.refused,
    ...counts,
    overAdmittedAtMost: tally.overAdmitted + log.info,
    longestBlockedMs: Math.round(longestBlockedUs / 1000),
    failOpenMs: Math.round(failOpenMs),
    failOpenShare: share(failOpenMs),
    localMs: Math.round(localMs),
    failClosedMs: Math.round(failClosedMs),
    failClosedShare: share(failClosedMs),
  };
  return {
    ...verdictOf(admitted + refused, tally, { failOpenMs, failClosedMs }, limit, options),
    figures,
    ...findings.evidence(),
  };
}

const byText = {
  open: 'nobody: everybody was let in',
  local: 'each instance for itself',
  closed: 'nobody: everybody was refused',
};

function verdictOf(
  decisions: number,
  tally: LimitTally,
  { failOpenMs, failClosedMs }: { failOpenMs: number; failClosedMs: number },
  { most }: Limit,
  options: Options,
): { verdict: Verdict; summary: string } {
  const { maxOverAdmitted = 0, maxUnderAdmitted = 0, maxFailOpenMs, maxFailClosedMs } = options;
  const forgiven = options.mayFailOpen === true ? (tally.overAdmittedByCause['fail-open'] ?? 0) : 0;
  const causes = Object.entries(tally.overAdmittedByCause).map(([cause, count]) => `${count} ${cause}`);
  const why = causes.length === 0 ? '' : ` (${causes.join(', ')})`;
  const wrong: string[] = [];
  if (tally.overAdmitted - forgiven > maxOverAdmitted)
    wrong.push(
      `${tally.overAdmitted} were admitted in excess${why}, of one key up to ${tally.worstOverAdmitted}`,
    );
  if (tally.underAdmitted > maxUnderAdmitted)
    wrong.push(
      `${tally.underAdmitted} were refused without reason, ${tally.countedInExcess} counts at least belong to nobody`,
    );
  if (tally.blockedKeys > 0)
    wrong.push(
      `${tally.blockedKeys} times a key was refused for more than two windows without an admission, the longest for ${Math.round(tally.longestBlockedUs / 1000)} ms`,
    );
  if (maxFailOpenMs !== undefined && failOpenMs > maxFailOpenMs)
    wrong.push(`it failed open for ${Math.round(failOpenMs)} ms`);
  if (maxFailClosedMs !== undefined && failClosedMs > maxFailClosedMs)
    wrong.push(`it failed closed for ${Math.round(failClosedMs)} ms`);
  const of = `of ${decisions} decisions under a limit of ${most}`;
  if (wrong.length > 0) return { verdict: 'invalid', summary: `${of}: ${wrong.join('; ')}` };
  if (decisions === 0) return { verdict: 'unknown', summary: 'nothing was decided' };
  const within =
    tally.overAdmitted + tally.underAdmitted === 0
      ? 'none was wrong'
      : `${tally.overAdmitted} were admitted in excess${why} and ${tally.underAdmitted} refused without reason, which is allowed`;
  return { verdict: 'valid', summary: `${of} ${within}` };
}

function unknown(summary: string): CheckResult {
  return { verdict: 'unknown', summary, figures: {}, findings: [] };
}
