import { median } from '../../../lab/common/median.ts';
import { html, type Markup } from '../markup.ts';
import { number, percent } from '../units.ts';
import { type KeyFigure, keyFiguresOf, measuredOf, rangeText } from './key-figures.ts';
import { filterData } from './outcome-matrix.ts';
import type { ScenarioRuns } from './scenario-runs.ts';

/** What each scenario's settings save, by the figures of both variants, and what they cost, in the scenario's own words. */
export function mitigationTable(scenarios: readonly ScenarioRuns[]): Markup {
  const told = scenarios.filter(({ scenario }) => scenario.settings.length > 0 || scenario.advice !== '');
  if (told.length === 0) return html``;
  return html`<section id="worth"><h2>What each setting saves, and what it costs</h2>
<p>Measured with the vulnerable settings, then with the hardened ones; from the least to the most where there were several runs, and the change of the median.</p>
<div class="table stacked"><table class="worth"><thead><tr><th scope="col">scenario</th><th scope="col">change</th><th scope="col">measured</th><th scope="col">price</th></tr></thead>
<tbody>${told.map(row)}</tbody></table></div></section>`;
}

function row(group: ScenarioRuns): Markup {
  const { scenario } = group;
  const { advice, price } = splitAdvice(scenario.advice);
  const changes = scenario.settings.filter(({ vulnerable, hardened }) => vulnerable !== hardened);
  return html`<tr id="worth-${encodeURIComponent(scenario.name)}" ${filterData(group)}><th scope="row">${scenario.title}<small>${scenario.claim}</small></th>
<td>${
    changes.length > 0 &&
    html`<ul class="changes">${changes.map(({ name, vulnerable, hardened }) => html`<li><code>${name}</code>: <span class="from">${vulnerable}</span> → <b>${hardened}</b></li>`)}</ul>`
  }${advice === '' ? null : html`<p class="quiet">${advice}</p>`}</td>
<td><span class="cell-label">measured</span>${measured(group)}</td><td>${price === '' ? html`<span class="quiet">none stated</span>` : html`<span class="cell-label">price</span>${price}`}</td></tr>`;
}

function measured({ all }: ScenarioRuns): Markup {
  const documents = all.map(({ document }) => document);
  const variants = Map.groupBy(documents, ({ variant }) => variant);
  const before = variants.get('vulnerable') ?? [];
  const after = variants.get('hardened') ?? [];
  const items = keyFiguresOf(documents).flatMap((figure) => {
    const values = [measuredOf(before, figure), measuredOf(after, figure)] as const;
    if (values[0].length + values[1].length === 0) return [];
    return [html`<li><span class="quiet">${figure.label}</span><br>${pair(figure, values)}</li>`];
  });
  return items.length === 0
    ? html`<span class="quiet">nothing</span>`
    : html`<ul class="measured">${items}</ul>`;
}

function pair(figure: KeyFigure, [before, after]: readonly [readonly number[], readonly number[]]): Markup {
  const shown = (values: readonly number[]) =>
    values.length === 0
      ? html`<span class="quiet">not measured</span>`
      : html`<b>${rangeText(figure, values)}</b>`;
  const change = before.length === 0 || after.length === 0 ? '' : changeText(median(before), median(after));
  return html`${shown(before)} → ${shown(after)}${change === '' ? null : html` <span class="change">${change}</span>`}`;
}

/** `−97 %`, `+40 %`, `5.2 ×`; empty where nothing changed, or from nothing on. */
export function changeText(before: number, after: number): string {
  if (before <= 0 || after === before) return '';
  const ratio = after / before;
  if (ratio < 1) return `−${percent(Math.round((1 - ratio) * 100) / 100)}`;
  return ratio < 3
    ? `+${percent(Math.round((ratio - 1) * 100) / 100)}`
    : `${number(Number(ratio.toPrecision(2)))}\u202f×`;
}

/** Scenarios state their price behind their advice, as `The price: …` or `Price: …`. */
export function splitAdvice(text: string): { advice: string; price: string } {
  const at = /\b(?:The price|Price): /.exec(text);
  if (at === null) return { advice: text, price: '' };
  const price = text.slice(at.index + at[0].length);
  return { advice: text.slice(0, at.index).trim(), price: price.charAt(0).toUpperCase() + price.slice(1) };
}
