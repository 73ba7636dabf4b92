import type { FaultWindow, MetricSeries, Observations } from '../history/observations.ts';

/** What the database itself counted of one statement. */
export interface QueryRates {
  /** From the first look to the last. */
  queries: number;
  firstAt: number;
  lastAt: number;
  /** The longest time between two looks. */
  gapMs: number;
  /** Queries per second in the time before the fault; null without a fault or a look before it. */
  baselinePerSecond: number | null;
  /** The highest rate over one window, after the fault (or at all, without one). */
  peakPerSecond: number;
  /** When that window ended. */
  peakAt: number;
  /** The mean rate of the load when it is warm, and the highest over one window of that time; null when it never was. */
  steadyPerSecond: number | null;
  steadyPeakPerSecond: number | null;
}

/** What is looked at. Times in ms. */
export interface QueryRatesOptions {
  statement: string;
  windowMs: number;
  /** The fault, by id or name, before which the rate is normal and after which the peak is looked for; default the first. */
  fault?: string | undefined;
  /** How long before it the rate is normal. Default: since the load's begin. */
  baselineMs?: number | undefined;
  /** How long after its begin the load is warm. */
  warmUpMs: number;
}

/** A counter as it would be without restarts, by time. */
interface Curve {
  at: readonly number[];
  total: readonly number[];
}

/** null when nobody asked the database, or it never counted that statement. */
export function queryRates(
  seen: Observations,
  { statement, windowMs, fault, baselineMs, warmUpMs }: QueryRatesOptions,
): QueryRates | null {
  const curves = (seen.metrics ?? [])
    .filter(
      ({ name, kind, labels }) => name === 'queries' && kind === 'counter' && labels.statement === statement,
    )
    .filter(({ at }) => at.length > 1)
    .map(unwrapped);
  if (curves.length === 0) return null;
  const times = [...new Set(curves.flatMap(({ at }) => at))].sort((a, b) => a - b);
  const [firstAt = 0, lastAt = 0] = [times[0], times.at(-1)];
  const totalAt = (time: number) => curves.reduce((sum, curve) => sum + valueAt(curve, time), 0);
  const rate = (from: number, to: number) => ((totalAt(to) - totalAt(from)) / (to - from)) * 1000;
  const faultAt = injectionOf(seen.faults, fault);
  const begin = Math.max(firstAt, seen.loadWindow.from);
  const from = faultAt === null || baselineMs === undefined ? begin : Math.max(begin, faultAt - baselineMs);
  const warmFrom = begin + warmUpMs;
  const warmTo = Math.min(lastAt, seen.loadWindow.to);
  const isWarm = warmTo - warmFrom >= windowMs;
  let steadyPeakPerSecond = 0;
  let peakPerSecond = 0;
  let peakAt = firstAt;
  for (const time of times) {
    if (time <= firstAt) continue;
    const perSecond = rate(time - windowMs, time);
    if (time - windowMs >= warmFrom && time <= warmTo)
      steadyPeakPerSecond = Math.max(steadyPeakPerSecond, perSecond);
    if (faultAt !== null && time <= faultAt) continue;
    if (perSecond > peakPerSecond) [peakPerSecond, peakAt] = [perSecond, time];
  }
  return {
    queries: totalAt(lastAt) - totalAt(firstAt),
    firstAt,
    lastAt,
    gapMs: times.reduce((gap, time, i) => Math.max(gap, time - (times[i - 1] ?? time)), 0),
    baselinePerSecond: faultAt !== null && faultAt > from ? rate(from, faultAt) : null,
    peakPerSecond,
    peakAt,
    steadyPerSecond: isWarm ? rate(warmFrom, warmTo) : null,
    steadyPeakPerSecond: isWarm ? steadyPeakPerSecond : null,
  };
}

/** A counter that is lower than before belongs to a server that started anew. */
function unwrapped({ at, values }: MetricSeries): Curve {
  let before = 0;
  let last = values[0] ?? 0;
  const total = values.map((value) => {
    if (value < last) before += last;
    last = value;
    return before + value;
  });
  return { at, total };
}

/** Between two looks the counter is taken to grow evenly. */
function valueAt({ at, total }: Curve, time: number): number {
  let low = 0;
  let high = at.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((at[middle] as number) <= time) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return total[0] as number;
  const [fromAt, from] = [at[low - 1] as number, total[low - 1] as number];
  if (low === at.length) return from;
  return from + (((total[low] as number) - from) * (time - fromAt)) / ((at[low] as number) - fromAt);
}

/** When the fault of this id or name was injected first; without one, when any was. */
export function injectionOf(faults: readonly FaultWindow[], wanted: string | undefined): number | null {
  const meant = faults.filter(({ id, name }) => wanted === undefined || id === wanted || name === wanted);
  return meant.length === 0 ? null : Math.min(...meant.map(({ injectedAt }) => injectedAt));
}
