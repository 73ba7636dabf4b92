import type { RunDocument } from '../../data/run-document.ts';
import { headlineOf, outageText } from '../headline.ts';
import { html, type Markup } from '../markup.ts';
import { page } from '../page.ts';
import { type Cell, details, table } from '../table.ts';
import { axisOf } from '../timeline/axis.ts';
import { legend, patterns } from '../timeline/legend.ts';
import { lanesOn } from '../timeline/timeline-section.ts';
import { count, seconds, wallTime } from '../units.ts';
import { outcomeSign, outcomeTitle } from '../words.ts';
import { comparedFigures } from './compared-figures.ts';
import { conditionDifferences } from './condition-differences.ts';

const NAMES = ['first', 'second'] as const;

/**
 * Two runs side by side: what came out, what was different beforehand, every figure of both, and both timelines on one axis
 * whose zero is the first fault. A pure function; the page loads nothing.
 */
export function renderComparison(first: RunDocument, second: RunDocument): string {
  const runs = [first, second] as const;
  const title =
    first.scenario.name === second.scenario.name
      ? `${first.scenario.title}: two runs`
      : `${first.scenario.title} beside ${second.scenario.title}`;
  const conditions = conditionDifferences(first, second);
  const figures = comparedFigures(first, second);
  const differing = figures.filter(({ differs }) => differs);
  const equal = figures.filter(({ differs }) => !differs);
  const rowOf = ({ check, title: name, texts }: (typeof figures)[number]): Cell[] => [check, name, ...texts];
  const head = ['check', 'figure', ...NAMES];
  return page(
    title,
    html`<header><p class="kicker">Failover lab · two runs compared</p><h1>${title}</h1>${table(['', ...NAMES], summaryRows(runs))}</header>
<h2>What was different beforehand</h2>${
      conditions.length === 0
        ? html`<p class="empty">Nothing: the same settings, seed and versions.</p>`
        : table(
            ['', ...NAMES],
            conditions.map(({ what, values }) => [html`<code>${what}</code>`, ...values]),
          )
    }
<h2>What happened when</h2><p class="quiet">The pictures have one axis; times that are written out count from each run’s own start.</p>${patterns()}${legend(runs)}${timelines(runs)}
<h2>What came out differently</h2>${differing.length === 0 ? html`<p class="empty">No figure.</p>` : table(head, differing.map(rowOf))}${
      equal.length === 0
        ? null
        : details(`${count(equal.length, 'figures')} came out alike`, table(head, equal.map(rowOf)))
    }`,
  );
}

function summaryRows(runs: readonly RunDocument[]): Cell[][] {
  const headlines = runs.map(headlineOf);
  const known = (value: number | null, text: (n: number) => string) =>
    value === null ? 'not known' : text(value);
  return [
    ['scenario', ...runs.map(({ scenario, variant }) => `${scenario.name} ${variant}`)],
    [
      'outcome',
      ...runs.map(
        ({ outcome }) =>
          html`<span class="badge ${outcome}">${outcomeSign[outcome]} ${outcomeTitle[outcome]}</span>`,
      ),
    ],
    ['because', ...runs.map(({ reason }) => reason)],
    [
      'acknowledged writes lost',
      ...headlines.map(({ lost }) => html`<b>${known(lost, (n) => count(n, 'writes'))}</b>`),
    ],
    ['longest outage', ...headlines.map((headline) => html`<b>${outageText(headline)}</b>`)],
    ['recovery', ...headlines.map(({ recoveryMs }) => html`<b>${known(recoveryMs, seconds)}</b>`)],
    ['began', ...runs.map(({ startedAt }) => wallTime(startedAt))],
    ['lasted', ...runs.map(({ durationMs }) => seconds(durationMs))],
  ];
}

/** Below each other, each shifted so that its first fault is at the same place; from their starts where one had no fault. */
function timelines(runs: readonly RunDocument[]): Markup[] {
  const zeros = runs.map(({ seen }) => seen.faults[0]?.injectedAt);
  const isAligned = zeros.every((zero) => zero !== undefined);
  const zeroOf = (i: number) => (isAligned ? (zeros[i] ?? 0) : 0);
  const before = Math.max(...runs.map((_, i) => zeroOf(i)));
  const after = Math.max(...runs.map(({ seen }, i) => seen.durationMs - zeroOf(i)), 1);
  return runs.map((run, i) => {
    const zeroMs = zeroOf(i);
    const view = {
      fromMs: zeroMs - before,
      toMs: zeroMs + after,
      zeroMs,
      label: isAligned ? 'time since the first fault' : 'time since the start',
    };
    return html`<h3>${NAMES[i] ?? ''}: ${run.scenario.name} ${run.variant}</h3>${
      run.seen.durationMs <= 0
        ? html`<p class="empty">Nothing was recorded: the run ended before anything happened.</p>`
        : lanesOn(run, axisOf(run.seen.durationMs, view))
    }`;
  });
}
