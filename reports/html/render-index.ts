import { html, trusted } from './markup.ts';
import { page } from './page.ts';
import { allRuns } from './suite/all-runs.ts';
import { filterForm } from './suite/filter-form.ts';
import { mitigationTable } from './suite/mitigation-table.ts';
import { outcomeMatrix } from './suite/outcome-matrix.ts';
import { runLinks } from './suite/run-links.ts';
import { byScenario, type IndexRun } from './suite/scenario-runs.ts';
import { singleMitigations } from './suite/single-mitigations.ts';
import { slowAndShaky } from './suite/slow-and-shaky.ts';
import { suiteStyle } from './suite/style.css.ts';
import { suiteSummary } from './suite/suite-summary.ts';

/**
 * The page over all runs of one invocation, or of several that were merged: what each scenario showed with the vulnerable
 * settings against the hardened ones, and what to change. A pure function; the only addresses in it are the given `href`s.
 */
export function renderIndex(runs: readonly IndexRun[]): string {
  const scenarios = byScenario(runs);
  const links = runLinks(runs);
  return page(
    'Failover lab: what the runs showed',
    html`<style>${trusted(suiteStyle)}</style>${suiteSummary(runs)}
${
  runs.length === 0
    ? html`<p class="empty">There is nothing to show: no run came to an end.</p>`
    : html`<section id="outcomes"><h2>Outcomes</h2>${filterForm(scenarios)}${outcomeMatrix(runs, links)}${links.legend}</section>`
}${mitigationTable(scenarios)}${singleMitigations(scenarios, links)}${slowAndShaky(runs, links)}${allRuns(scenarios)}`,
  );
}
