import type { Matrix } from './matrix.ts';
import { figuresSentence, matrixTables } from './matrix-tables.ts';

/** A matrix for a terminal. */
export function matrixLines(matrix: Matrix): string[] {
  const { outcomes, features, differences, inCommon, fallbacks } = matrixTables(matrix);
  return [
    ...aligned([outcomes.head, ...outcomes.rows]),
    '✓ as expected, ≠ differs as known, ✗ not as expected, ? inconclusive, ! the lab failed',
    figuresSentence(matrix),
    '',
    ...section('where they differ:', differences, 'nowhere'),
    ...(features.rows.length === 0 ? [] : ['', ...aligned([features.head, ...features.rows])]),
    ...(inCommon.length === 0 ? [] : [`all have: ${inCommon.join(', ')}`]),
    ...(fallbacks.length === 0 ? [] : ['', ...section('done without:', fallbacks, '')]),
  ];
}

function section(title: string, lines: readonly string[], none: string): string[] {
  return lines.length === 0 ? [`${title} ${none}`] : [title, ...lines.map((line) => `  ${line}`)];
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
