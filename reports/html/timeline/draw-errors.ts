import type { SeriesDetail } from '../../../lab/history/series-detail.ts';
import { burstScale, scaleText } from './burst-scale.ts';
import { bucketSpans, countIn, type Span } from './detail-columns.ts';
import type { Drawing } from './drawing.ts';

/** An error of all groups together. */
export interface ErrorKind {
  /** Its name; null for all that have no band of their own. */
  error: string | null;
  total: number;
  /** The counts of each group, as the detail has them. */
  counts: readonly (readonly number[])[];
}

/** Kinds with a band of their own. */
const mostKinds = 6;

/** The most frequent kinds of errors, and the others as one. */
export function errorKinds(detail: SeriesDetail): ErrorKind[] {
  const all = detail.groups.flatMap(({ errors }) => errors);
  const kinds = [...Map.groupBy(all, ({ error }) => error)]
    .map(([error, of]) => kindOf(error, of))
    .sort((a, b) => b.total - a.total);
  const rest = kinds.slice(mostKinds);
  const others = { error: null, total: total(rest), counts: rest.flatMap(({ counts }) => counts) };
  return rest.length === 0 ? kinds : [...kinds.slice(0, mostKinds), others];
}

function kindOf(error: string, of: readonly { counts: readonly number[] }[]): ErrorKind {
  const counts = of.map((each) => each.counts);
  return { error, counts, total: counts.reduce((sum, pairs) => sum + countIn(pairs, 0, Infinity), 0) };
}

function total(kinds: readonly ErrorKind[]): number {
  return kinds.reduce((sum, kind) => sum + kind.total, 0);
}

/** Errors per second, a band on another for each kind, the most frequent at the ground. */
export function drawErrors(detail: SeriesDetail, durationMs: number, span: Span): Drawing {
  const { bucketMs } = detail;
  const kinds = errorKinds(detail);
  const columns = bucketSpans(span, bucketMs, durationMs, total(kinds)).map(({ from, to }) => {
    const perSecond = 1000 / ((to - from) * bucketMs);
    let sum = 0;
    const tops = kinds.map(({ counts }) => {
      sum += counts.reduce((all, pairs) => all + countIn(pairs, from, to), 0) * perSecond;
      return sum;
    });
    return { fromMs: from * bucketMs, toMs: to * bucketMs, tops, sum };
  });
  const { top, peak } = burstScale(columns.map(({ sum }) => sum));
  const y = (perSecond: number) => Math.round((100 - (Math.min(perSecond, top) / top) * 96) * 10) / 10;
  return {
    paths: kinds.map((_, kind) => ({
      className: `kind-${kind}`,
      d: columns
        .map(({ fromMs, toMs, tops }) => {
          const [low, high] = [y(tops[kind - 1] ?? 0), y(tops[kind] ?? 0)];
          return low === high ? '' : `M${fromMs} ${low}V${high}H${toMs}V${low}z`;
        })
        .join(''),
    })),
    note: `per second, ${scaleText(top, peak)}`,
  };
}
