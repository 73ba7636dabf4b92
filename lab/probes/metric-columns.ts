import type { MetricSeries } from '../history/observations.ts';

/** Points that one series keeps at most; beyond, every second of its older ones is dropped. */
const POINTS = 20_000;
/** Series that are kept at most: somebody may use a user's name as a label. */
const SERIES = 2000;

/** What a series is, apart from its points. */
export type SeriesName = Pick<MetricSeries, 'source' | 'name' | 'labels' | 'kind'>;

/** One series that grows. */
export interface Column {
  /** Adds a point. `afterGap`: nothing was heard since the last one. */
  add(at: number, value: number, afterGap: boolean): void;
}

/** All series of a run. A level that stays is two points, whatever its length; a gap stays one. */
export interface MetricColumns {
  /** A new series; null when there are too many. */
  column(name: SeriesName): Column | null;
  series(): MetricSeries[];
}

export function metricColumns(): MetricColumns {
  const all: MetricSeries[] = [];
  return {
    column(name) {
      if (all.length >= SERIES) return null;
      let [at, values]: [number[], number[]] = [[], []];
      let isFlat = false;
      all.push({
        ...name,
        get at() {
          return at;
        },
        get values() {
          return values;
        },
      });
      return {
        add(time, value, afterGap) {
          const same = !afterGap && values.at(-1) === value;
          if (same && isFlat) {
            at[at.length - 1] = time;
            return;
          }
          isFlat = same;
          at.push(time);
          values.push(value);
          if (at.length < POINTS) return;
          const isKept = (_: number, i: number) => i % 2 === 0 || i === at.length - 1;
          [at, values] = [at.filter(isKept), values.filter(isKept)];
          isFlat = false;
        },
      };
    },
    series: () => all.map(({ at, values, ...name }) => ({ ...name, at: [...at], values: [...values] })),
  };
}
