import { worstFirst } from '../../data/worst-outcome.ts';
import { html, type Markup } from '../markup.ts';
import { outcomeSign, outcomeTitle } from '../words.ts';
import type { ScenarioRuns } from './scenario-runs.ts';

/** Picks scenarios by theme, outcome and text, in all tables at once; shows only where its script runs (client/suite-filter.ts). */
export function filterForm(scenarios: readonly ScenarioRuns[]): Markup {
  const themes = [...new Set(scenarios.map(({ theme }) => theme))];
  const outcomes = worstFirst.filter((outcome) =>
    scenarios.some(({ all }) => all.some(({ document }) => document.outcome === outcome)),
  );
  return html`<form class="filter" role="search" aria-label="scenarios" hidden><label>theme <select name="theme"><option value="">all</option>${themes.map((theme) => html`<option>${theme}</option>`)}</select></label>
<label>outcome <select name="outcome"><option value="">all</option>${outcomes.map((outcome) => html`<option value="${outcome}">${outcomeSign[outcome]} ${outcomeTitle[outcome]}</option>`)}</select></label>
<label>name <input type="search" name="text" autocomplete="off" size="18"></label> <output></output></form>`;
}
