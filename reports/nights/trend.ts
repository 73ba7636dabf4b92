import { median } from '../../lab/common/median.ts';
import type { RunOutcome } from '../../lab/run/record.ts';
import { worstOutcome } from '../data/worst-outcome.ts';
import type { Change, NightFigure, NightRun, Series } from './night-store.ts';
import { canTell, rankTest } from './rank-test.ts';
import { type ShareInterval, shareInterval } from './share-interval.ts';

/** One figure of a series over the nights. */
export interface FigureTrend extends Series {
  check: string;
  figure: string;
  /** Oldest first, tonight last, by their places among all nights; each night's values in ascending order. */
  nights: readonly { night: number; values: readonly number[] }[];
  /** How many of the nights before are what tonight is held against: those since the figure last changed. */
  reference: number;
  /** `too-few`: there are not enough nights or runs for tonight to be told from chance. */
  verdict: 'changed' | 'unchanged' | 'too-few';
  /** How likely so much of a difference is by chance; null when nothing was tested. */
  p: number | null;
  /** The share of false alarms among all changes told with at most this p (Benjamini and Hochberg). */
  q: number | null;
  direction: 'higher' | 'lower' | null;
}

/** How often a series' runs came out as its claim says, of those in which the claim was put to the test. */
export interface ClaimTrend extends Series {
  before: ShareInterval | null;
  tonight: { asExpected: number; unexpected: number; inconclusive: number; labFailed: number };
  /** The worst outcome tonight, and on the last night before on which the series ran. */
  outcome: RunOutcome;
  previous: RunOutcome | null;
}

export interface Trend {
  claims: readonly ClaimTrend[];
  figures: readonly FigureTrend[];
}

/** The nights before that count: more say little about today's lab. */
const MOST_NIGHTS = 60;
const LEAST_NIGHTS = 5;
/** One alarm in a hundred may be false, and on nights without a change there is one in a hundred of them. */
const FALSE_ALARMS = 0.01;

/**
 * Tonight beside the nights before. A figure has changed when both hold: its runs tonight differ from those since its last
 * change by a rank test (rank-test.ts), where of all alarms one in a hundred may be false ("Controlling the false
 * discovery rate", Benjamini and Hochberg 1995); and tonight's median lies outside those of all these nights, since the
 * runs of a night share the machine's mood and are less independent than the test takes them to be.
 *
 * `nights`: all, oldest first; the last one is tonight. What belongs to others is left out.
 */
export function trendOf(
  nights: readonly number[],
  runs: readonly NightRun[],
  figures: readonly NightFigure[],
  changes: readonly Change[],
): Trend {
  // From here on a night is its place among them: one that was added late may be an early one.
  const places = new Map(nights.map((night, place) => [night, place]));
  const placed = <T extends { night: number }>(all: readonly T[]): T[] =>
    all.flatMap((one) => {
      const night = places.get(one.night);
      return night === undefined ? [] : [{ ...one, night }];
    });
  const tonight = nights.length - 1;
  const claims = [...Map.groupBy(placed(runs), keyOf).values()].flatMap((own) => claimTrend(tonight, own));
  const changedAt = Map.groupBy(placed(changes), figureKeyOf);
  const all = [...Map.groupBy(placed(figures), figureKeyOf)].flatMap(([key, own]) => {
    const last = (changedAt.get(key) ?? []).filter(({ night }) => night < tonight).map(({ night }) => night);
    return figureTrend(tonight, own, Math.max(0, ...last));
  });
  return { claims, figures: withFalseAlarms(all) };
}

/** Whether a claim came out otherwise than on the last night on which it was run. */
export function hasMoved({ outcome, previous }: ClaimTrend): boolean {
  return previous !== null && outcome !== previous;
}

function claimTrend(tonight: number, runs: readonly NightRun[]): ClaimTrend[] {
  const own = runs.filter(({ night }) => night === tonight);
  const earlier = runs.filter(({ night }) => night < tonight);
  const [first] = own;
  if (first === undefined) return [];
  const count = (of: readonly NightRun[], outcome: RunOutcome) =>
    of.filter((run) => run.outcome === outcome).length;
  const last = Math.max(...earlier.map(({ night }) => night));
  const [met, broken] = [count(earlier, 'as-expected'), count(earlier, 'unexpected')];
  return [
    {
      ...seriesOf(first),
      before: shareInterval(met, met + broken),
      tonight: {
        asExpected: count(own, 'as-expected'),
        unexpected: count(own, 'unexpected'),
        inconclusive: count(own, 'inconclusive'),
        labFailed: count(own, 'lab-failed'),
      },
      outcome: worst(own),
      previous: earlier.length === 0 ? null : worst(earlier.filter(({ night }) => night === last)),
    },
  ];
}

function worst(runs: readonly NightRun[]): RunOutcome {
  return worstOutcome(runs.map(({ outcome }) => outcome)) ?? 'as-expected';
}

/** Nothing for a figure that no run had tonight. `since`: the night of its last change, which is the first that counts. */
function figureTrend(tonight: number, own: readonly NightFigure[], since: number): FigureTrend[] {
  const [first] = own;
  const byNight = [...Map.groupBy(own, ({ night }) => night)]
    .filter(([night]) => night <= tonight)
    .sort(([a], [b]) => a - b)
    .map(([night, of]) => ({ night, values: of.map(({ value }) => value).sort((a, b) => a - b) }));
  const last = byNight.at(-1);
  if (first === undefined || last?.night !== tonight) return [];
  const nights = byNight.slice(-1 - MOST_NIGHTS);
  const reference = nights.filter(({ night }) => night < tonight && night >= since);
  const trend = {
    ...seriesOf(first),
    check: first.check,
    figure: first.figure,
    nights,
    reference: reference.length,
    q: null,
    direction: null,
  };
  const before = reference.flatMap(({ values }) => values);
  const isConstant = [...before, ...last.values].every((value) => value === before[0]);
  if (reference.length < LEAST_NIGHTS || !canTell(last.values.length, before.length, FALSE_ALARMS))
    return [{ ...trend, verdict: 'too-few', p: null }];
  // What has always been the same cannot alarm anybody, and does not count among what could.
  if (isConstant) return [{ ...trend, verdict: 'unchanged', p: null }];
  const { p } = rankTest(last.values, before);
  const medians = reference.map(({ values }) => median(values));
  const here = median(last.values);
  const direction = here > Math.max(...medians) ? 'higher' : here < Math.min(...medians) ? 'lower' : null;
  return [{ ...trend, verdict: 'unchanged', p, direction }];
}

function withFalseAlarms(trends: readonly FigureTrend[]): FigureTrend[] {
  const tested = trends.filter(({ p }) => p !== null).sort((a, b) => (b.p ?? 1) - (a.p ?? 1));
  const qs = new Map<FigureTrend, number>();
  let q = 1;
  for (const [i, trend] of tested.entries()) {
    q = Math.min(q, ((trend.p ?? 1) * tested.length) / (tested.length - i));
    qs.set(trend, q);
  }
  return trends.map((trend) => {
    const own = qs.get(trend);
    if (own === undefined) return trend;
    const hasChanged = own <= FALSE_ALARMS && trend.direction !== null;
    return { ...trend, q: own, verdict: hasChanged ? 'changed' : 'unchanged' };
  });
}

function seriesOf({ scenario, variant, timing, server }: Series): Series {
  return { scenario, variant, timing, server };
}

function keyOf({ scenario, variant, timing, server }: Series): string {
  return JSON.stringify([scenario, variant, timing, server]);
}

function figureKeyOf(one: Series & { check: string; figure: string }): string {
  return JSON.stringify([keyOf(one), one.check, one.figure]);
}
