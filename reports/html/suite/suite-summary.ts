import type { BaseVariant, RunOutcome } from '../../../lab/run/record.ts';
import type { RunDocument } from '../../data/run-document.ts';
import { worstFirst } from '../../data/worst-outcome.ts';
import { headlineOf, outageText } from '../headline.ts';
import { html, type Markup } from '../markup.ts';
import { table } from '../table.ts';
import { count, number, seconds, wallTime } from '../units.ts';
import { badge } from './outcome-matrix.ts';
import type { IndexRun } from './scenario-runs.ts';

/** Of those that came out otherwise, so many are listed at the top. */
const MOST_LISTED = 20;

const outcomeWords: Readonly<Record<RunOutcome, string>> = {
  'as-expected': 'as expected',
  unexpected: 'not as expected',
  inconclusive: 'inconclusive',
  'lab-failed': 'where the lab itself failed',
};

/** The first screen: how it came out, the four numbers that matter under both settings, and what needs a look. */
export function suiteSummary(runs: readonly IndexRun[]): Markup {
  const documents = runs.map(({ document }) => document);
  const groups = Map.groupBy(documents, ({ outcome }) => outcome);
  const parts = worstFirst
    .toReversed()
    .flatMap((outcome) =>
      groups.has(outcome) ? [`${groups.get(outcome)?.length} ${outcomeWords[outcome]}`] : [],
    );
  const worst = worstFirst.find((outcome) => groups.has(outcome)) ?? 'inconclusive';
  const total = documents.reduce((sum, each) => sum + (each.realDurationMs ?? each.durationMs), 0);
  const started = documents.map((each) => each.startedAt).sort()[0];
  return html`<header><p class="kicker">Failover lab${started === undefined ? '' : ` · started ${wallTime(started)}`}</p><h1>What the runs showed</h1>
<div class="verdict ${worst}"><p class="outcome">${count(documents.length, 'runs')}: ${parts.join(', ') || 'none ended'}</p>
<p class="reason">“As expected” means: the vulnerable settings showed the failure, the hardened ones stayed within their stated bounds. ${seconds(total)} of runs in all.</p></div>
${documents.length === 0 ? null : numbers(documents)}</header>${otherwise(runs)}`;
}

/** What the catalogue as a whole says: the same four numbers as in each report, under either settings. */
function numbers(documents: readonly RunDocument[]): Markup {
  const of = (variant: BaseVariant) => documents.filter((each) => each.variant === variant);
  const row = (title: string, told: (runs: readonly RunDocument[]) => Markup) => [
    title,
    told(of('vulnerable')),
    told(of('hardened')),
  ];
  return html`<div class="totals">${table(
    ['over all runs', 'vulnerable settings', 'hardened settings'],
    [
      row('Acknowledged writes lost', (runs) => total(runs, (each) => headlineOf(each).lost)),
      row('Users logged out', (runs) => total(runs, loggedOutUsers)),
      row('Longest outage of a client', longestOutage),
      row('Database load, peak ÷ normal, at worst', databaseLoad),
    ],
  )}</div>`;
}

/** A number, and where it comes from. */
function told(value: string, where: string): Markup {
  return html`<b>${value}</b>, in ${where}`;
}

/** `14 721, in 14 of 23 runs`. */
function total(runs: readonly RunDocument[], of: (run: RunDocument) => number | null): Markup {
  const counted = runs.map(of).filter((n) => n !== null);
  if (counted.length === 0) return html`<span class="quiet">not counted</span>`;
  const hit = counted.filter((n) => n > 0).length;
  const sum = counted.reduce((a, b) => a + b, 0);
  return sum === 0
    ? told('none', count(counted.length, 'runs'))
    : told(number(sum), `${number(hit)} of ${count(counted.length, 'runs')}`);
}

function loggedOutUsers({ checks }: RunDocument): number | null {
  const own = checks
    .map(({ figures }) => figures.loggedOutUsers)
    .filter((value) => typeof value === 'number');
  return own.length === 0 ? null : own.reduce((a, b) => a + b, 0);
}

function longestOutage(runs: readonly RunDocument[]): Markup {
  const [worst] = runs
    .map((document) => ({ document, headline: headlineOf(document) }))
    .filter(({ headline }) => headline.longestOutageMs !== null)
    .sort((a, b) => (b.headline.longestOutageMs ?? 0) - (a.headline.longestOutageMs ?? 0));
  return worst === undefined
    ? html`<span class="quiet">not measured</span>`
    : told(outageText(worst.headline), worst.document.scenario.name);
}

function databaseLoad(runs: readonly RunDocument[]): Markup {
  const [worst] = runs
    .flatMap(({ scenario, checks }) =>
      checks.flatMap(({ figures: { peakRatio } }) =>
        typeof peakRatio === 'number' ? [{ name: scenario.name, peakRatio }] : [],
      ),
    )
    .sort((a, b) => b.peakRatio - a.peakRatio);
  return worst === undefined
    ? html`<span class="quiet">not measured</span>`
    : told(`${number(worst.peakRatio)}\u202f×`, worst.name);
}

/** What somebody has to look at, with its reason, the worst first. */
function otherwise(runs: readonly IndexRun[]): Markup {
  const bad = worstFirst
    .filter((outcome) => outcome !== 'as-expected')
    .flatMap((outcome) => runs.filter(({ document }) => document.outcome === outcome));
  if (bad.length === 0) return html``;
  const rows = bad
    .slice(0, MOST_LISTED)
    .map(({ href, document: { scenario, variant, seed, outcome, reason } }) => [
      badge(outcome),
      html`<a href="${href}">${scenario.title}</a><small>${scenario.name}, ${variant}, seed ${seed}</small>`,
      reason,
    ]);
  const rest = bad.length - rows.length;
  return html`<section id="otherwise"><h2>What came out otherwise</h2>${table(['', 'run', 'why'], rows, 'stacked')}${
    rest > 0 && html`<p class="quiet">And ${count(rest, 'runs')} more, in the tables below.</p>`
  }</section>`;
}
