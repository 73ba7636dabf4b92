import { valueText } from '../html/suite/key-figures.ts';
import { number, seconds } from '../html/units.ts';
import { outcomeSign, outcomeTitle } from '../html/words.ts';
import type { Matrix, MatrixCell, MatrixRow } from './matrix.ts';
import type { MatrixFigure, Spread } from './matrix-figure.ts';

/** A matrix as texts, for terminals, Markdown and pages alike. */
export interface MatrixTables {
  outcomes: { head: readonly string[]; rows: readonly (readonly string[])[] };
  features: { head: readonly string[]; rows: readonly (readonly string[])[] };
  /** Where servers differ, a sentence each; and where they did not do what was expected. */
  differences: readonly string[];
  /** Features that all servers have. */
  inCommon: readonly string[];
  /** What servers did not offer, and what was done instead. */
  fallbacks: readonly string[];
}

/** So many figures stand in a cell: what was lost, and how long it took. */
const IN_CELL = ['acknowledged writes lost', 'until the last client worked again'];
const SHORT: Readonly<Record<string, string>> = {
  'acknowledged writes lost': 'lost',
  'until the last client worked again': 'back after',
};

export function matrixTables(matrix: Matrix): MatrixTables {
  const { servers, features, rows } = matrix;
  const told = features.filter(({ offered }) => offered.some((one) => one !== true));
  return {
    outcomes: {
      head: ['scenario', 'settings', ...servers],
      rows: rows.map((row) => [
        row.timing === 'fast' ? row.scenario : `${row.scenario} (${row.timing})`,
        row.variant,
        ...row.cells.map((cell, i) => cellText(row, cell, i)),
      ]),
    },
    features: {
      head: ['what it offers', ...servers],
      rows: told.map(({ name, offered }) => [
        name,
        ...offered.map((one) => (one === null ? 'not asked' : one ? 'yes' : '–')),
      ]),
    },
    differences: rows.flatMap((row) => [
      ...knownDifferences(row, servers),
      ...otherOutcomes(row, servers),
      ...row.figures.flatMap((figure) => otherFigures(row, figure, servers)),
    ]),
    inCommon: features.filter((feature) => !told.includes(feature)).map(({ name }) => name),
    fallbacks: rows.flatMap((row) =>
      row.cells.flatMap(({ fallbacks }, i) =>
        fallbacks.map((text) => `${servers[i]}, ${row.scenario} ${row.variant}: ${text}`),
      ),
    ),
  };
}

/** `✓ lost 312 (290 to 340), back after 2.1 s`; `≠` where it differs as known. */
function cellText(row: MatrixRow, cell: MatrixCell, server: number): string {
  const { outcome, knownDifference, asExpected, runs } = cell;
  if (outcome === null) return 'not run';
  const sign = outcome === 'as-expected' && knownDifference !== null ? '≠' : outcomeSign[outcome];
  const of = runs === asExpected || runs === 1 ? '' : ` ${asExpected} of ${runs}`;
  const figures = row.figures
    .filter(({ name }) => IN_CELL.includes(name))
    .flatMap((figure) => {
      const spread = figure.spreads[server];
      return spread ? [`${SHORT[figure.name] ?? figure.label} ${spreadText(figure, spread)}`] : [];
    });
  return `${sign}${of} ${figures.join(', ')}`.trimEnd();
}

/** The median, and from the least to the most where there were several runs and they differ. */
export function spreadText(figure: MatrixFigure, { runs, median, least, most }: Spread): string {
  const text = (value: number) =>
    figure.key === undefined
      ? figure.unit === 'ms'
        ? seconds(value)
        : number(value)
      : valueText(figure.key, value);
  return runs === 1 || least === most ? text(median) : `${text(median)} (${text(least)} to ${text(most)})`;
}

/** Servers that are known to differ for the same reason stand together. */
function knownDifferences({ scenario, variant, cells }: MatrixRow, servers: readonly string[]): string[] {
  const known = cells.flatMap(({ knownDifference, outcome }, i) =>
    knownDifference === null || outcome === null ? [] : [{ ...knownDifference, outcome, server: servers[i] }],
  );
  return [...Map.groupBy(known, ({ because, source }) => `${because}\n${source}`).values()].map((of) => {
    const [{ because = '', source = '' } = {}] = of;
    const names = of.map(({ server }) => server).join(', ');
    const on = [...new Set(of.map((one) => one.on))].join('; ');
    const held = of.every(({ outcome }) => outcome === 'as-expected')
      ? 'otherwise, as is known of'
      : 'not even as is known of';
    return `${scenario} ${variant}: ${names}: ${held} ${on}: ${because} (${source})`;
  });
}

/** What nobody knew of. */
function otherOutcomes({ scenario, variant, cells }: MatrixRow, servers: readonly string[]): string[] {
  return cells.flatMap(({ outcome, reasons, runs, asExpected }, i) => {
    if (outcome === null || outcome === 'as-expected') return [];
    const often = runs === 1 ? '' : ` in ${runs - asExpected} of ${runs} runs`;
    return [
      `${scenario} ${variant}: ${servers[i]}: ${outcomeTitle[outcome].toLowerCase()}${often}: ${reasons.join('; ')}`,
    ];
  });
}

function otherFigures(
  { scenario, variant }: MatrixRow,
  figure: MatrixFigure,
  servers: readonly string[],
): string[] {
  const first = figure.spreads.findIndex((spread) => spread !== null);
  const reference = figure.spreads[first];
  return figure.differs.flatMap((differs, i) => {
    const spread = figure.spreads[i];
    if (differs !== 'yes' || !spread || !reference) return [];
    return [
      `${scenario} ${variant}: ${figure.label}: ${spreadText(figure, spread)} on ${servers[i]}, ${spreadText(figure, reference)} on ${servers[first]}`,
    ];
  });
}

/** Whether figures could be told apart at all, in a sentence. */
export function figuresSentence({ rows }: Matrix): string {
  const verdicts = rows.flatMap(({ figures }) => figures.flatMap(({ differs }) => differs));
  return verdicts.includes('too-few')
    ? 'Figures are medians, with the least and the most in brackets; of some there are too few runs to tell differences from chance (five on each server are enough).'
    : 'Figures are medians, with the least and the most in brackets; a difference is told where Mann and Whitney’s rank test sees one, with one false alarm in a hundred.';
}
