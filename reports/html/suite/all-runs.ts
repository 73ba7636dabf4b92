import { runServer } from '../../data/run-conditions.ts';
import { html, type Markup } from '../markup.ts';
import { seconds, wallTime } from '../units.ts';
import { badge } from './outcome-matrix.ts';
import type { IndexRun, ScenarioRuns } from './scenario-runs.ts';

/** Every run with what tells it from the others, in the order in which they ended. */
export function allRuns(scenarios: readonly ScenarioRuns[]): Markup {
  const rows = scenarios.flatMap(({ theme, all }) => all.map((run) => row(run, theme)));
  if (rows.length === 0) return html``;
  const head = ['scenario', 'variant', 'seed', 'server', 'timing', 'began', 'length', 'outcome'];
  return html`<section id="runs"><h2>All runs</h2><div class="table"><table class="runs"><thead><tr>${head.map((text) => html`<th scope="col">${text}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div></section>`;
}

function row({ document, href }: IndexRun, theme: string): Markup {
  const { scenario, variant, seed, timing, startedAt, durationMs, outcome } = document;
  return html`<tr data-name="${scenario.name}" data-theme="${theme}" data-outcomes="${outcome}" data-title="${scenario.title}"><th scope="row"><a href="${href}">${scenario.name}</a></th><td>${variant}</td><td>${String(seed)}</td><td>${runServer(document) ?? ''}</td><td>${timing}</td><td>${wallTime(startedAt)}</td><td>${seconds(durationMs)}</td><td>${badge(outcome)}</td></tr>
`;
}
