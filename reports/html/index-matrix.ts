import type { BaseVariant } from '../../lab/run/record.ts';
import type { RunDocument } from '../data/run-document.ts';
import { worstOutcome } from '../data/worst-outcome.ts';
import { headlineOf, outageText } from './headline.ts';
import { html, type Markup } from './markup.ts';
import { count, number, percent } from './units.ts';
import { outcomeSign, outcomeTitle } from './words.ts';

/** One run of an invocation and where its report is. */
export interface IndexRun {
  document: RunDocument;
  /** Address of the run's report.html, relative to the index. */
  href: string;
}

/** All runs of one scenario, by variant; more than one where it was repeated. */
export interface ScenarioRuns {
  scenario: RunDocument['scenario'];
  runs: Readonly<Record<BaseVariant, readonly IndexRun[]>>;
  /** The same and those of single mitigations, in the order in which they came. */
  all: readonly IndexRun[];
}

/** The runs by scenario, in the order in which the scenarios first appear. */
export function byScenario(runs: readonly IndexRun[]): ScenarioRuns[] {
  const groups = Map.groupBy(runs, (run) => run.document.scenario.name);
  return [...groups.values()].flatMap((all) => {
    const first = all[0];
    if (first === undefined) return [];
    const of = (variant: BaseVariant) => all.filter((run) => run.document.variant === variant);
    return [
      {
        scenario: first.document.scenario,
        runs: { vulnerable: of('vulnerable'), hardened: of('hardened') },
        all,
      },
    ];
  });
}

/** Scenario × variant: what came out, with links into the reports. */
export function matrix(scenarios: readonly ScenarioRuns[]): Markup {
  return html`<table class="matrix"><thead><tr><th scope="col">scenario</th><th scope="col">vulnerable settings</th><th scope="col">hardened settings</th></tr></thead>
<tbody>${scenarios.map(
    ({
      scenario,
      runs,
    }) => html`<tr><th scope="row"><b>${scenario.title}</b><small>${scenario.name}</small></th>
${cell(runs.vulnerable)}${cell(runs.hardened)}</tr>`,
  )}</tbody></table>`;
}

function cell(runs: readonly IndexRun[]): Markup {
  const outcome = worstOutcome(runs.map(({ document }) => document.outcome));
  if (outcome === undefined) return html`<td class="quiet">not run</td>`;
  const links = runs.map(
    ({ href }, i) => html` <a href="${href}">${runs.length === 1 ? 'report' : `report ${i + 1}`}</a>`,
  );
  return html`<td><span class="badge ${outcome}">${outcomeSign[outcome]} ${outcomeTitle[outcome]}</span>
${measured(runs)}<p class="links">${links}</p></td>`;
}

/** Lost writes and the longest outage over all runs of a cell: one number, or from the least to the most. */
function measured(runs: readonly IndexRun[]): Markup {
  const headlines = runs.map((run) => headlineOf(run.document));
  const lost = headlines.map((each) => each.lost).filter((n) => n !== null);
  const shares = headlines.flatMap(({ lost, acknowledged }) =>
    lost && acknowledged ? [lost / acknowledged] : [],
  );
  const stuck = Math.max(0, ...headlines.map((each) => each.neverRecovered ?? 0));
  const never = html`<br><b class="bad">${count(stuck, 'clients')}</b> never recovered`;
  const share = shares.length === 0 ? '' : ` (${percent(Math.max(...shares))})`;
  const worst = headlines
    .filter((each) => each.longestOutageMs !== null)
    .sort((a, b) => (b.longestOutageMs ?? 0) - (a.longestOutageMs ?? 0))[0];
  const [least, most] = [Math.min(...lost), Math.max(...lost)];
  const range = least === most ? count(most, 'writes') : `${number(least)} to ${count(most, 'writes')}`;
  return html`<p class="measured">${
    lost.length === 0
      ? 'lost writes not counted'
      : html`<b class="${most > 0 ? 'bad' : 'good'}">${range}</b> lost${share}`
  }<br>${worst === undefined ? 'longest outage not measured' : worst.longestOutageMs === 0 ? html`outages: <b>${outageText(worst)}</b>` : html`longest outage <b>${outageText(worst)}</b>`}${stuck > 0 ? never : null}</p>`;
}
