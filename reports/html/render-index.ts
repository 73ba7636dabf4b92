import type { RunOutcome } from '../../lab/run/record.ts';
import { comparisonOf } from '../data/comparison.ts';
import type { RunDocument } from '../data/run-document.ts';
import { headlineOf, outageText } from './headline.ts';
import { byScenario, type IndexRun, matrix, type ScenarioRuns } from './index-matrix.ts';
import { indexStyle } from './index-style.css.ts';
import { html, type Markup, trusted } from './markup.ts';
import { page } from './page.ts';
import { table } from './table.ts';
import { count, number, seconds, wallTime } from './units.ts';

/**
 * The page over all runs of one invocation: what each scenario showed with the vulnerable settings against the
 * hardened ones, and what to change. A pure function; the only addresses in it are the given `href`s.
 */
export function renderIndex(runs: readonly IndexRun[]): string {
  const scenarios = byScenario(runs);
  const documents = runs.map((run) => run.document);
  return page(
    'Failover lab: what the runs showed',
    html`<style>${trusted(indexStyle)}</style><header><p class="kicker">Failover lab${started(documents)}</p><h1>What the runs showed</h1>${summary(documents)}</header>
${runs.length === 0 ? html`<p class="empty">There is nothing to show: no run came to an end.</p>` : matrix(scenarios)}
${scenarios.length === 0 ? null : html`<h2>What to change</h2>`}${scenarios.map(advice)}`,
  );
}

const outcomeWords: Readonly<Record<RunOutcome, string>> = {
  'as-expected': 'as expected',
  unexpected: 'not as expected',
  inconclusive: 'inconclusive',
  'lab-failed': 'where the lab itself failed',
};

function started(documents: readonly RunDocument[]): string {
  const first = documents.map((each) => each.startedAt).sort()[0];
  return first === undefined ? '' : ` · started ${wallTime(first)}`;
}

function summary(documents: readonly RunDocument[]): Markup {
  const groups = Map.groupBy(documents, (each) => each.outcome);
  const parts = [...groups].map(([outcome, of]) => `${of.length} ${outcomeWords[outcome]}`);
  const total = documents.reduce((sum, each) => sum + each.durationMs, 0);
  const isClean = groups.size === 1 && groups.has('as-expected');
  return html`<div class="verdict ${isClean ? 'as-expected' : groups.has('unexpected') ? 'unexpected' : groups.has('lab-failed') ? 'lab-failed' : ''}">
<p class="outcome">${count(documents.length, 'runs')}: ${parts.join(', ') || 'none ended'}</p>
<p>${lossSentence(documents)} ${outageSentence(documents)}</p><p class="reason">${seconds(total)} of runs in all. “As expected” means: the vulnerable settings showed the failure, the hardened ones stayed within their stated bounds.</p></div>`;
}

/** What a team lead wants to know first: how much the stock settings lost, and how much is left of that. */
function lossSentence(documents: readonly RunDocument[]): string {
  const lostWith = (variant: RunDocument['variant']) =>
    documents
      .filter((each) => each.variant === variant)
      .map((each) => headlineOf(each).lost)
      .filter((lost) => lost !== null);
  const told = (variant: RunDocument['variant']) => {
    const lost = lostWith(variant);
    if (lost.length === 0) return `no run with the ${variant} settings counted lost writes`;
    const hit = lost.filter((n) => n > 0).length;
    if (hit === 0) return `with the ${variant} settings no acknowledged write was lost`;
    const writes = count(
      lost.reduce((a, b) => a + b, 0),
      'acknowledged writes',
    );
    return `with the ${variant} settings ${writes} ${writes.startsWith('1 ') ? 'was' : 'were'} lost, in ${number(hit)} of ${count(lost.length, 'runs')}`;
  };
  const text = `${told('vulnerable')}; ${told('hardened')}.`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** How long a client had to do without an answer, at worst. */
function outageSentence(documents: readonly RunDocument[]): string {
  const worst = (['vulnerable', 'hardened'] as const).flatMap((variant) => {
    const longest = documents
      .filter((each) => each.variant === variant)
      .map((each) => headlineOf(each))
      .filter((each) => each.longestOutageMs !== null)
      .sort((a, b) => (b.longestOutageMs ?? 0) - (a.longestOutageMs ?? 0))[0];
    return longest === undefined ? [] : [`${outageText(longest)} with the ${variant} settings`];
  });
  return worst.length === 0 ? '' : `Longest outage of a client: ${worst.join(', ')}.`;
}

/** What each variant, and with it each mitigation, is worth. */
function compared({ all }: ScenarioRuns): Markup | null {
  const comparison = comparisonOf(all.map(({ document }) => document));
  if (comparison === null) return null;
  const rows = comparison.rows.map(({ variant, cells }) => {
    const runs = all.filter(({ document }) => document.variant === variant);
    const links = runs.map(({ href }) => html` <a href="${href}">report</a>`);
    const said = runs[0]?.document.scenario.variantSummary ?? '';
    return [html`<b>${variant}</b><br><small>${said}</small>${links}`, ...cells];
  });
  return table(['variant', ...comparison.head], rows);
}

function advice(group: ScenarioRuns): Markup {
  const { scenario, runs } = group;
  const variant = (name: 'vulnerable' | 'hardened') => runs[name][0]?.document.scenario.variantSummary;
  const settings = scenario.settings.map((each) => [
    html`<code>${each.name}</code>`,
    each.vulnerable,
    each.hardened,
  ]);
  const about = (['vulnerable', 'hardened'] as const).flatMap((name) => {
    const text = variant(name);
    return text === undefined || text === '' ? [] : [html`<dt>${name}</dt><dd>${text}</dd>`];
  });
  return html`<article class="check"><h3>${scenario.title}</h3><p>${scenario.claim}</p>
${scenario.advice === '' ? null : html`<p class="advice">${scenario.advice}</p>`}
${compared(group)}${settings.length === 0 ? null : table(['setting', 'vulnerable', 'hardened'], settings)}<dl class="scope">${about}</dl></article>`;
}
