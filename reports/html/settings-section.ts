import type { RunDocument } from '../data/run-document.ts';
import { headlineOf, outageText } from './headline.ts';
import { html, type Markup } from './markup.ts';
import { type Cell, table } from './table.ts';
import { count } from './units.ts';
import { outcomeTitle } from './words.ts';

/** What to change: the settings of both variants, the advice, and both results where the sibling's is known. */
export function settingsSection(document: RunDocument, sibling: RunDocument | undefined): Markup {
  const { settings, advice } = document.scenario;
  if (settings.length === 0 && advice === '') return html``;
  const results = sibling === undefined ? [] : resultRows(document, sibling);
  const rows: Cell[][] = settings.map((each) => [
    html`<code>${each.name}</code>`,
    each.vulnerable,
    each.hardened,
  ]);
  const head = (['vulnerable', 'hardened'] as const).map((name) =>
    name === document.variant ? `${name} (this run)` : name,
  );
  return html`<section id="settings"><h2>What to change</h2>${advice === '' ? null : html`<p class="advice">${advice}</p>`}
${rows.length + results.length === 0 ? null : table(['setting', ...head], [...rows, ...results])}</section>`;
}

function resultRows(document: RunDocument, sibling: RunDocument): Cell[][] {
  const [vulnerable, hardened] =
    document.variant === 'vulnerable' ? [document, sibling] : [sibling, document];
  const [v, h] = [headlineOf(vulnerable), headlineOf(hardened)];
  const writes = (n: number | null) => (n === null ? 'not known' : count(n, 'writes'));
  const bold = (text: string) => html`<b>${text}</b>`;
  return [
    [bold('result: acknowledged writes lost'), bold(writes(v.lost)), bold(writes(h.lost))],
    [bold('result: longest outage'), bold(outageText(v)), bold(outageText(h))],
    [bold('result: outcome'), outcomeTitle[vulnerable.outcome], outcomeTitle[hardened.outcome]],
  ];
}
