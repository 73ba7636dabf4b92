import { comparisonOf } from '../data/comparison.ts';
import type { RunDocument } from '../data/run-document.ts';
import { html, type Markup } from './markup.ts';
import { type Cell, copyable, details, table } from './table.ts';
import { outcomeTitle } from './words.ts';

/** What to change, and at what price; what that was worth, where the other variant's result is known. */
export function settingsSection(document: RunDocument, sibling: RunDocument | undefined): Markup {
  const { settings, advice } = document.scenario;
  if (settings.length === 0 && advice === '') return html``;
  const rows: Cell[][] = settings.map((each) => [
    html`<code>${each.name}</code>`,
    each.vulnerable,
    each.hardened,
  ]);
  const head = (['vulnerable', 'hardened'] as const).map((name) =>
    name === document.variant ? `${name} (this run)` : name,
  );
  const diff = settings.flatMap(({ name, vulnerable, hardened }) =>
    vulnerable === hardened ? [] : [`- ${name}: ${vulnerable}`, `+ ${name}: ${hardened}`],
  );
  return html`<section id="settings"><h2>What to change</h2>${advice === '' ? null : html`<p class="advice">${advice}</p>`}
${rows.length === 0 ? null : table(['setting', ...head], [...rows, ...resultRows(document, sibling)])}
${diff.length === 0 ? null : details('As a diff to copy', copyable(diff.join('\n')))}</section>`;
}

/** What the scenario compares its variants by. */
function resultRows(document: RunDocument, sibling: RunDocument | undefined): Cell[][] {
  if (sibling === undefined) return [];
  const both = document.variant === 'vulnerable' ? [document, sibling] : [sibling, document];
  const comparison = comparisonOf(both);
  const bold = (text: string) => html`<b>${text}</b>`;
  const measured = (comparison?.head ?? []).map((label, i) => [
    bold(`result: ${label}`),
    ...(comparison?.rows ?? []).map(({ cells }) => bold(cells[i] ?? '')),
  ]);
  return [...measured, [bold('result: outcome'), ...both.map(({ outcome }) => outcomeTitle[outcome])]];
}
