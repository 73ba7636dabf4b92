import type { RunOutcome, RunRecord } from '../../lab/run/record.ts';
import { type ComparedRun, comparisonOf } from '../data/comparison.ts';
import { secondsText } from './amounts.ts';
import { oneLine, type Paint, widthOf } from './paint.ts';
import { outcomeText } from './run-lines.ts';

/** What the table at the end needs to know of a run. */
export type TableRow = Pick<RunRecord, 'variant' | 'outcome' | 'durationMs' | 'realDurationMs'> & {
  scenario: string;
};

/** Scenario × variant × outcome × duration, one line for each run. */
export function suiteTable(rows: readonly TableRow[], paint: Paint): string[] {
  // Runs on a clock of their own have two lengths; the table says the real one, as everything else does in lab time.
  const hasLabTime = rows.some(({ realDurationMs }) => realDurationMs !== undefined);
  const head = ['scenario', 'variant', hasLabTime ? 'real duration' : 'duration'];
  const cells = rows.map((row) => [
    oneLine(row.scenario),
    row.variant,
    secondsText(row.realDurationMs ?? row.durationMs),
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((row) => widthOf(row[i] ?? ''))));
  const line = (texts: readonly string[]) =>
    texts
      .map((text, i) => {
        const space = ' '.repeat(Math.max(0, (widths[i] ?? 0) - widthOf(text)));
        return i === 2 ? space + text : text + space;
      })
      .join('  ');
  return [
    paint('dim', `${line(head)}  outcome`),
    ...rows.map((row, i) => `${line(cells[i] ?? [])}  ${outcomeText(row.outcome, paint)}`),
    totals(rows),
  ];
}

/** A table for each scenario whose variants are compared by figures, a row for each variant. */
export function comparisonLines(
  runs: readonly (ComparedRun & { scenario: { name: string } })[],
  paint: Paint,
): string[] {
  const groups = Map.groupBy(runs, (run) => run.scenario.name);
  return [...groups].flatMap(([name, of]) => {
    const comparison = comparisonOf(of);
    if (comparison === null) return [];
    const table = [
      [oneLine(name), ...comparison.head.map(oneLine)],
      ...comparison.rows.map(({ variant, cells }) => [variant, ...cells]),
    ];
    const widths = (table[0] ?? []).map((_, i) => Math.max(...table.map((row) => widthOf(row[i] ?? ''))));
    const line = (row: readonly string[]) =>
      row
        .map((text, i) => {
          const space = ' '.repeat((widths[i] ?? 0) - widthOf(text));
          return i === 0 ? text + space : space + text;
        })
        .join('  ');
    return ['', ...table.map((row, i) => (i === 0 ? paint('dim', line(row)) : line(row)))];
  });
}

function totals(rows: readonly TableRow[]): string {
  const words: Readonly<Record<RunOutcome, string>> = {
    'as-expected': 'as expected',
    unexpected: 'not as expected',
    inconclusive: 'inconclusive',
    'lab-failed': 'where the lab failed',
  };
  const groups = Map.groupBy(rows, (row) => row.outcome);
  const parts = [...groups].map(([outcome, of]) => `${of.length} ${words[outcome]}`);
  return `${rows.length} ${rows.length === 1 ? 'run' : 'runs'}: ${parts.join(', ')}`;
}
