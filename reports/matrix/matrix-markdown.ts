import type { Matrix } from './matrix.ts';
import { figuresSentence, matrixTables } from './matrix-tables.ts';

/** A matrix as a part of a Markdown document, from its second headings on. */
export function matrixMarkdown(matrix: Matrix): string {
  const { outcomes, features, differences, inCommon, fallbacks } = matrixTables(matrix);
  const parts = [
    '## What came out',
    markdownTable(outcomes.head, outcomes.rows),
    `✓ as expected, ≠ differs as known, ✗ not as expected, ? inconclusive, ! the lab failed. ${figuresSentence(matrix)}`,
    '## Where they differ',
    list(differences, 'Nowhere.'),
    ...(features.rows.length === 0
      ? []
      : ['## What they offer', markdownTable(features.head, features.rows)]),
    ...(inCommon.length === 0 ? [] : [`All have: ${escaped(inCommon.join(', '))}.`]),
    ...(fallbacks.length === 0 ? [] : ['## What was done without', list(fallbacks, '')]),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** What came out, as a table alone. */
export function outcomesMarkdown(matrix: Matrix): string {
  const { outcomes } = matrixTables(matrix);
  return `${markdownTable(outcomes.head, outcomes.rows)}\n`;
}

/** A table; what Markdown would take for its own is escaped. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function list(items: readonly string[], none: string): string {
  return items.length === 0 ? none : items.map((item) => `- ${escaped(item)}`).join('\n');
}

/** What Markdown would take for its own, in one line. */
function escaped(text: string): string {
  return text.replace(/[\\|*_`<>[\]]/g, '\\$&').replaceAll('\n', ' ');
}
