import type { MetricSeries } from '../../../lab/history/observations.ts';

/** How much counters grew in one of equal parts of a run. */
export interface RateColumn {
  fromMs: number;
  toMs: number;
  /** Null where nobody was heard. */
  perSecond: number | null;
}

/** Parts of a run: no finer than figures are asked for, and no more than a picture is wide. */
const leastMs = 100;
const mostColumns = 600;

/** How wide the parts of a run are, in ms; `askedEveryMs`: how often its figures were asked for. */
export function rateColumnMs(durationMs: number, askedEveryMs: number): number {
  const least = Math.max(leastMs, askedEveryMs);
  return Math.ceil(durationMs / mostColumns / least) * least || least;
}

/**
 * What these counters together counted over time. Between two answers the growth is spread evenly; what was counted
 * before the first is left out, and a counter that begins anew begins at 0.
 */
export function counterRates(
  series: readonly MetricSeries[],
  durationMs: number,
  columnMs: number,
): RateColumn[] {
  const columns = Math.max(1, Math.ceil(durationMs / columnMs));
  const grown = new Array<number>(columns).fill(0);
  const heardMs = new Array<number>(columns).fill(0);
  for (const { at, values } of series)
    for (let i = 1; i < at.length; i++) {
      const [from, to, before, value] = [at[i - 1] ?? 0, at[i] ?? 0, values[i - 1] ?? 0, values[i] ?? 0];
      const growth = value < before ? value : value - before;
      for (let column = Math.floor(from / columnMs); column < columns && column * columnMs < to; column++) {
        const sharedMs = Math.min(to, (column + 1) * columnMs) - Math.max(from, column * columnMs);
        if (column < 0 || sharedMs <= 0) continue;
        grown[column] = (grown[column] ?? 0) + (growth * sharedMs) / (to - from);
        heardMs[column] = (heardMs[column] ?? 0) + sharedMs;
      }
    }
  return grown.map((growth, i) => ({
    fromMs: i * columnMs,
    toMs: Math.min((i + 1) * columnMs, durationMs),
    perSecond: (heardMs[i] ?? 0) === 0 ? null : (growth * 1000) / columnMs,
  }));
}

/** All that counters counted after they were first asked. */
export function counted(series: readonly MetricSeries[]): number {
  return series.reduce(
    (sum, { values }) =>
      sum +
      values.reduce((all, value, i) => {
        const before = values[i - 1];
        return before === undefined ? all : all + (value < before ? value : value - before);
      }, 0),
    0,
  );
}
