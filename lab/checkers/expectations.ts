import type { Figures, JudgedCheck } from './checker.ts';

/** What a variant must show: data, so that a run folder can be judged again without its scenario's file. */
export interface Expectation {
  /** The check's name. */
  check: string;
  /** `any`: the figures alone decide. */
  verdict: 'valid' | 'invalid' | 'any';
  /** Bounds on figures, by dotted path (`lostByCause.minority-primary`); both ends are included. A missing figure breaks a bound. */
  figures?: Readonly<Record<string, { min?: number; max?: number }>>;
  /** The expectation in words, with the reason for its bounds. */
  because: string;
}

/** An expectation, and what came of it. */
export interface ExpectationResult extends Expectation {
  met: 'yes' | 'no' | 'undecided';
  /** What was found instead; empty when met. */
  found: string;
}

/**
 * Checkers by which a run can say nothing at all, whether anybody named them or not; the first is the reason of the others:
 * on a machine that is too slow, clients come to nothing either.
 */
const inconclusiveAlone = ['pace', 'vacuity'];

export interface Judgement {
  outcome: 'as-expected' | 'unexpected' | 'inconclusive';
  /** Why, in a sentence. */
  reason: string;
  results: readonly ExpectationResult[];
}

/**
 * Whether a run showed what it had to. A check that is needed and `unknown`, and a check of vacuity or pace
 * that is `unknown` whether anybody named it or not, make the run inconclusive; otherwise every expectation has to be
 * met. Without expectations nothing was claimed, which is inconclusive too.
 */
export function judge(expectations: readonly Expectation[], checks: readonly JudgedCheck[]): Judgement {
  const results = expectations.map((expectation) => resultOf(expectation, checks));
  const [vacuous] = inconclusiveAlone.flatMap((checker) =>
    checks.filter(({ spec, verdict }) => spec.checker === checker && verdict === 'unknown'),
  );
  const undecided = results.find(({ met }) => met === 'undecided');
  const broken = results.filter(({ met }) => met === 'no');
  const conclude = (outcome: Judgement['outcome'], reason: string) => ({ outcome, reason, results });
  if (vacuous !== undefined) return conclude('inconclusive', `${vacuous.name}: ${vacuous.summary}`);
  if (undecided !== undefined) return conclude('inconclusive', `${undecided.check}: ${undecided.found}`);
  if (results.length === 0) return conclude('inconclusive', 'nothing was expected of this run');
  if (broken.length > 0)
    return conclude('unexpected', broken.map(({ check, found }) => `${check}: ${found}`).join('; '));
  return conclude('as-expected', `${results.length} of ${results.length} expectations met`);
}

function resultOf(expectation: Expectation, checks: readonly JudgedCheck[]): ExpectationResult {
  const check = checks.find(({ name }) => name === expectation.check);
  if (check === undefined)
    return {
      ...expectation,
      met: 'undecided',
      found: `there is no check of this name, only ${names(checks)}`,
    };
  if (check.verdict === 'unknown') return { ...expectation, met: 'undecided', found: check.summary };
  const { verdict } = expectation;
  const found = verdict === 'any' || verdict === check.verdict ? [] : [`${check.verdict}: ${check.summary}`];
  for (const [path, bound] of Object.entries(expectation.figures ?? {}))
    found.push(...breach(path, figureAt(check.figures, path), bound));
  return { ...expectation, met: found.length === 0 ? 'yes' : 'no', found: found.join('; ') };
}

function breach(path: string, value: number | null, { min, max }: { min?: number; max?: number }): string[] {
  const bounds = [min === undefined ? '' : `at least ${min}`, max === undefined ? '' : `at most ${max}`];
  const expected = `expected ${path} of ${bounds.filter(Boolean).join(' and ')}`;
  if (value === null) return [`${expected}, got none`];
  const holds = (min === undefined || value >= min) && (max === undefined || value <= max);
  return holds ? [] : [`${expected}, got ${value}`];
}

/** A figure by its path: a figure's own name may not hold a dot, what a breakdown names may. */
function figureAt(figures: Figures, path: string): number | null {
  const [first = '', ...rest] = path.split('.');
  const figure = Object.hasOwn(figures, first) ? figures[first] : undefined;
  if (figure === undefined || figure === null) return null;
  if (typeof figure === 'number') return rest.length === 0 && !Number.isNaN(figure) ? figure : null;
  return figure[rest.join('.')] ?? null;
}

function names(checks: readonly JudgedCheck[]): string {
  return checks.map(({ name }) => name).join(', ') || 'none at all';
}
