import { comparisonOf } from '../../data/comparison.ts';
import { worstOutcome } from '../../data/worst-outcome.ts';
import { html, type Markup } from '../markup.ts';
import { table } from '../table.ts';
import { badge, filterData, isMitigation } from './outcome-matrix.ts';
import type { RunLinks } from './run-links.ts';
import type { IndexRun, ScenarioRuns } from './scenario-runs.ts';

/** What each mitigation is worth by itself, between the vulnerable settings and all of them together. */
export function singleMitigations(scenarios: readonly ScenarioRuns[], links: RunLinks): Markup {
  const told = scenarios.filter(({ all }) => all.some(({ document }) => isMitigation(document.variant)));
  if (told.length === 0) return html``;
  return html`<section id="alone"><h2>One mitigation at a time</h2><p>The vulnerable settings with one of the mitigations, and the hardened ones with all.</p>${told.map(
    (group) =>
      html`<div ${filterData(group)}><h3>${group.scenario.title}</h3>${variantTable(group, links)}</div>`,
  )}</section>`;
}

function variantTable({ all }: ScenarioRuns, links: RunLinks): Markup {
  const comparison = comparisonOf(all.map(({ document }) => document));
  const variants = [...Map.groupBy(all, ({ document }) => document.variant)].sort(
    ([a], [b]) => rank(a) - rank(b),
  );
  const rows = variants.map(([variant, runs]) => [
    html`<b>${variant}</b><small>${summaryOf(runs)}</small>`,
    html`${badge(worstOutcome(runs.map(({ document }) => document.outcome)) ?? 'lab-failed')} ${links.to(runs)}`,
    ...(comparison?.rows.find((row) => row.variant === variant)?.cells ?? []),
  ]);
  return table(['variant', 'outcome', ...(comparison?.head ?? [])], rows);
}

const summaryOf = ([first]: readonly IndexRun[]) => first?.document.scenario.variantSummary ?? '';

function rank(variant: string): number {
  return variant === 'vulnerable' ? 0 : variant === 'hardened' ? 2 : 1;
}
