import { figureTitle, figureWords, partTitle } from '../html/figure-words.ts';
import type { Distribution } from './distribution.ts';

/** What a figure is called: `recovery: until a leader was elected`, or how long a step took after the one before. */
export function distributionTitle({ check, figure }: Distribution): string {
  const [later = '', earlier] = figure.split(' − ');
  if (earlier !== undefined) return `… and how long after the step before`;
  const [name = '', part] = later.split(/\.(.*)/s);
  return `${check}: ${part === undefined ? figureTitle(name) : partTitle(name, part)}`;
}

/** A figure's value with its unit. */
export function valueWords({ figure }: Distribution, value: number): string {
  return figureWords(figure.split(/[. ]/)[0] ?? '', value);
}

/** A table for the terminal: the quantiles of each figure, then each outlier with its cause and its run. */
export function distributionLines(distributions: readonly Distribution[]): string[] {
  const head = ['', 'runs', 'least', 'p50', 'p90', 'p99', 'most', 'p50 lies in (95 %)'];
  const rows = distributions.map((one) => {
    const { values, quantiles } = one;
    const words = (value: number | undefined) => (value === undefined ? '–' : valueWords(one, value));
    const interval = quantiles[0]?.interval ?? null;
    return [
      distributionTitle(one),
      String(values.length),
      words(values[0]),
      ...quantiles.map(({ value }) => words(value)),
      words(values.at(-1)),
      interval === null ? 'too few runs' : `${words(interval.from)} to ${words(interval.to)}`,
    ];
  });
  const table = [head, ...rows];
  const widths = head.map((_, i) => Math.max(...table.map((row) => row[i]?.length ?? 0)));
  const outliers = new Map(distributions.flatMap(({ outliers }) => outliers.map((one) => [one.dir, one])));
  return [
    ...table.map((row) =>
      row
        .map((text, i) => (i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    ),
    ...(outliers.size === 0 ? [] : ['', 'far out (beyond three times the distance of the quartiles):']),
    ...[...outliers.values()].map(({ dir, seed, cause }) => `  seed ${seed}: ${cause}: ${dir}`),
  ];
}
