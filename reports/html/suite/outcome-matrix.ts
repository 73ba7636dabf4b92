import type { RunOutcome, VariantName } from '../../../lab/run/record.ts';
import { worstOutcome } from '../../data/worst-outcome.ts';
import { html, type Markup } from '../markup.ts';
import { outcomeSign, outcomeTitle } from '../words.ts';
import { type KeyFigure, keyFiguresOf, measuredOf, rangeText } from './key-figures.ts';
import type { RunLinks } from './run-links.ts';
import {
  byScenario,
  type Condition,
  conditionsOf,
  conditionText,
  type IndexRun,
  isUnder,
  type ScenarioRuns,
} from './scenario-runs.ts';

/** So many figures stand in a cell; the rest is in the table of what the settings are worth. */
const FIGURES_IN_CELL = 2;

/**
 * Scenario × variant: what came out, with links into the reports. A row for each condition (version of the server,
 * timing) where there are several, and a sign for each run where there are several, named by its seed.
 */
export function outcomeMatrix(runs: readonly IndexRun[], links: RunLinks): Markup {
  const conditions = conditionsOf(runs);
  const hasMitigations = runs.some(({ document }) => isMitigation(document.variant));
  const themes = Map.groupBy(byScenario(runs), ({ theme }) => theme);
  const width = 3 + (conditions.length > 1 ? 1 : 0) + (hasMitigations ? 1 : 0);
  const heading = (text: string) => html`<th scope="col">${text}</th>`;
  return html`<div class="table"><table class="matrix" id="matrix"><thead><tr>${heading('scenario')}${conditions.length > 1 && heading('run with')}${heading('vulnerable settings')}${heading('hardened settings')}${hasMitigations && heading('one mitigation alone')}</tr></thead>
${[...themes].map(
  ([
    theme,
    scenarios,
  ]) => html`<tbody><tr class="theme"><th scope="rowgroup" colspan="${width}">${theme}</th></tr>
${scenarios.flatMap((group) => rowsOf(group, conditions, hasMitigations, links))}</tbody>`,
)}</table></div>`;
}

/** What the filter looks at. */
export function filterData({ scenario, theme, all }: ScenarioRuns): Markup {
  const outcomes = [...new Set(all.map(({ document }) => document.outcome))].join(' ');
  return html`data-name="${scenario.name}" data-theme="${theme}" data-outcomes="${outcomes}" data-title="${scenario.title}"`;
}

function rowsOf(
  group: ScenarioRuns,
  conditions: readonly Condition[],
  hasMitigations: boolean,
  links: RunLinks,
): Markup[] {
  const { scenario, all } = group;
  const figures = keyFiguresOf(all.map(({ document }) => document));
  const own = conditions.filter((condition) => all.some(({ document }) => isUnder(document, condition)));
  return own.map((condition) => {
    const under = all.filter(({ document }) => isUnder(document, condition));
    const of = (variant: VariantName) => under.filter(({ document }) => document.variant === variant);
    return html`<tr ${filterData(group)}><th scope="row"><a href="#worth-${encodeURIComponent(scenario.name)}">${scenario.title}</a><small>${scenario.name}</small></th>
${conditions.length > 1 && html`<td class="condition">${conditionText(condition)}</td>`}${cell('vulnerable', of('vulnerable'), figures, links)}${cell('hardened', of('hardened'), figures, links)}${hasMitigations && mitigationsCell(under, links)}</tr>`;
  });
}

function cell(
  settings: string,
  runs: readonly IndexRun[],
  figures: readonly KeyFigure[],
  links: RunLinks,
): Markup {
  const outcome = worstOutcome(runs.map(({ document }) => document.outcome));
  if (outcome === undefined)
    return html`<td class="quiet"><span class="cell-label">${settings}</span>not run</td>`;
  const documents = runs.map(({ document }) => document);
  const measured = figures
    .map((figure) => ({ label: figure.label, text: rangeText(figure, measuredOf(documents, figure)) }))
    .filter(({ text }) => text !== '')
    .slice(0, FIGURES_IN_CELL);
  return html`<td><span class="cell-label">${settings}</span>${badge(outcome)} ${links.to(runs)}${
    measured.length > 0 &&
    html`<ul class="measured">${measured.map(({ label, text }) => html`<li><span class="quiet">${label}</span> <b>${text}</b></li>`)}</ul>`
  }</td>`;
}

/** An outcome as a sign and in words, with its colour. */
export function badge(outcome: RunOutcome): Markup {
  return html`<span class="badge ${outcome}">${outcomeSign[outcome]} ${outcomeTitle[outcome]}</span>`;
}

function mitigationsCell(runs: readonly IndexRun[], links: RunLinks): Markup {
  const alone = Map.groupBy(
    runs.filter(({ document }) => isMitigation(document.variant)),
    ({ document }) => document.variant,
  );
  const items = [...alone].map(([variant, of]) => {
    const outcome = worstOutcome(of.map(({ document }) => document.outcome)) ?? 'lab-failed';
    return html`<li><span class="sign ${outcome}">${outcomeSign[outcome]}</span> ${variant} ${links.to(of)}</li>`;
  });
  return html`<td class="alone">${items.length > 0 && html`<ul class="measured">${items}</ul>`}</td>`;
}

/** `only-…`: the vulnerable settings with one mitigation. */
export function isMitigation(variant: VariantName): boolean {
  return variant !== 'vulnerable' && variant !== 'hardened';
}
