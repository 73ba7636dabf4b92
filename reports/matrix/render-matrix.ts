import { runServer } from '../data/run-conditions.ts';
import { html, type Markup, trusted } from '../html/markup.ts';
import { page } from '../html/page.ts';
import { type RunLinks, runLinks } from '../html/suite/run-links.ts';
import type { IndexRun } from '../html/suite/scenario-runs.ts';
import { suiteStyle } from '../html/suite/style.css.ts';
import { table } from '../html/table.ts';
import { count } from '../html/units.ts';
import { outcomeSign, outcomeTitle } from '../html/words.ts';
import type { Matrix, MatrixCell, MatrixRow } from './matrix.ts';
import { figuresSentence, matrixTables, spreadText } from './matrix-tables.ts';

/** The page of the same scenarios on several servers, with links to every run. A pure function; its only addresses are the runs'. */
export function renderMatrix(matrix: Matrix, runs: readonly IndexRun[]): string {
  const { servers, rows } = matrix;
  const { features, differences, inCommon, fallbacks } = matrixTables(matrix);
  const links = runLinks(runs);
  const bad = rows
    .flatMap(({ cells }) => cells)
    .filter((cell) => (cell.outcome ?? 'as-expected') !== 'as-expected');
  return page(
    'Failover lab: the same on several servers',
    html`<style>${trusted(suiteStyle)}</style><header><p class="kicker">Failover lab · ${servers.join(' · ')}</p><h1>The same on several servers</h1>
<div class="verdict ${bad.length === 0 ? 'as-expected' : 'unexpected'}"><p class="outcome">${bad.length === 0 ? 'Every claim holds on every server, or differs as known' : `${count(bad.length, 'claims')} did not come out as expected on some server`}</p>
<p class="reason">${figuresSentence(matrix)}</p></div></header>
<section id="differences"><h2>Where they differ</h2>${listOf(differences, 'Nowhere.')}</section>
<section id="outcomes"><h2>Outcomes</h2><div class="table"><table class="versions"><thead><tr>${['scenario', 'settings', ...servers].map((text) => html`<th scope="col">${text}</th>`)}</tr></thead>
<tbody>${rows.map((row) => rowOf(row, matrix, runs, links))}</tbody></table></div>${links.legend}</section>
<section id="features"><h2>What they offer</h2>${features.rows.length === 0 ? html`<p class="empty">All the same.</p>` : table(features.head, features.rows)}${inCommon.length > 0 && html`<p class="quiet">All have: ${inCommon.join(', ')}.</p>`}</section>
${fallbacks.length > 0 && html`<section id="fallbacks"><h2>What was done without</h2>${listOf(fallbacks, '')}</section>`}`,
  );
}

function rowOf(row: MatrixRow, { servers }: Matrix, runs: readonly IndexRun[], links: RunLinks): Markup {
  const own = runs.filter(
    ({ document: { scenario, variant, timing } }) =>
      scenario.name === row.scenario && variant === row.variant && timing === row.timing,
  );
  return html`<tr><th scope="row">${row.title}<small>${row.scenario}${row.timing === 'fast' ? '' : `, ${row.timing} timing`}</small></th><td>${row.variant}</td>${row.cells.map(
    (cell, i) =>
      cellOf(row, cell, i, links.to(own.filter(({ document }) => runServer(document) === servers[i]))),
  )}</tr>
`;
}

function cellOf(row: MatrixRow, cell: MatrixCell, server: number, link: Markup): Markup {
  const { outcome, knownDifference, runs, asExpected } = cell;
  if (outcome === null) return html`<td class="quiet">not run</td>`;
  const differs = knownDifference !== null && outcome === 'as-expected';
  const words = differs ? '≠ Differs, as known' : `${outcomeSign[outcome]} ${outcomeTitle[outcome]}`;
  const figures = row.figures.flatMap((figure) => {
    const spread = figure.spreads[server];
    if (!spread) return [];
    const text = spreadText(figure, spread);
    return [
      html`<li><span class="quiet">${figure.label}</span> <b>${text}</b>${figure.differs[server] === 'yes' && html` <span class="change">differs</span>`}</li>`,
    ];
  });
  return html`<td><span class="badge ${outcome}">${words}</span>${runs > asExpected && runs > 1 && html` ${asExpected} of ${runs}`} ${link}${figures.length > 0 && html`<ul class="measured">${figures}</ul>`}</td>`;
}

function listOf(items: readonly string[], none: string): Markup {
  return items.length === 0
    ? html`<p class="empty">${none}</p>`
    : html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}
