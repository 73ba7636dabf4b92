import type { FaultWindow } from '../../lab/history/observations.ts';
import type { RunDocument } from '../data/run-document.ts';
import { keyNumbers } from './key-numbers.ts';
import { html, type Markup } from './markup.ts';
import { count, number, seconds } from './units.ts';
import { lossSentence, outcomeSentence, outcomeSign, outcomeTitle } from './words.ts';

/** The top of the page: what came out, what was claimed, and the numbers that it comes down to. */
export function verdictSection(document: RunDocument, sibling: RunDocument | undefined): Markup {
  const { scenario, outcome, variant, reason, manual } = document;
  if (manual && outcome !== 'lab-failed') return byHand(document);
  return html`<header>${partialNotice(document)}<p class="kicker">Failover lab · ${scenario.name} · <b>${variant}</b> settings${labTimeNote(document)}</p>
<h1>${scenario.title}</h1>
<div class="verdict ${outcome}"><p class="outcome"><span class="sign" aria-hidden="true">${outcomeSign[outcome]}</span> ${outcomeTitle[outcome]}</p>
<p><b>${lossSentence(document)}</b> ${outcomeSentence(document)}</p><p class="reason">${reason}</p></div>
<dl class="claim"><dt>Claim</dt><dd>${scenario.claim}</dd>${
    scenario.variantSummary === '' ? null : html`<dt>This variant</dt><dd>${scenario.variantSummary}</dd>`
  }${differenceItem(document)}</dl>${keyNumbers(document, sibling)}</header>`;
}

/** That all times of the page are lab time, where that is another than real time. */
function labTimeNote({ speed }: RunDocument): Markup | null {
  return speed === undefined
    ? null
    : html` · all times are lab time, which went ${number(speed)} times as fast as real time`;
}

/** Where this server is known to behave otherwise, and was judged by that. */
function differenceItem({ knownDifference }: RunDocument): Markup {
  if (knownDifference === undefined) return html``;
  const { on, because, source } = knownDifference;
  return html`<dt>Known to differ</dt><dd>${on}: ${because}. This run was judged by that. Source: ${source}</dd>`;
}

/** The top of what was done by hand: nothing was claimed, so there is no verdict. */
function byHand(document: RunDocument): Markup {
  const { faults } = document.seen;
  const proved = faults.filter(({ provedAt }) => provedAt !== null).length;
  const injected =
    faults.length === 0
      ? 'No fault was injected.'
      : `${count(faults.length, 'faults')} ${faults.length === 1 ? 'was' : 'were'} injected, ${proved} of them proved.`;
  return html`<header><p class="kicker">Failover lab · ${document.scenario.name}${labTimeNote(document)}</p><h1>${document.scenario.title}</h1>
<div class="verdict"><p class="outcome">Done by hand</p><p><b>${lossSentence(document)}</b> ${injected} Nothing was claimed, so there is no verdict.</p></div>
${keyNumbers(document, undefined)}</header>`;
}

/** A fault as it was injected, proved and healed. */
function faultLine({ text, injectedAt, provedAt, healedAt, proof }: FaultWindow): Markup {
  const proved = provedAt === null ? `not proved: ${proof}` : `proved at ${seconds(provedAt)}`;
  const healed = healedAt === null ? 'never healed' : `healed from ${seconds(healedAt)} on`;
  return html`<li>at ${seconds(injectedAt)}: ${text}; ${proved}; ${healed}</li>`;
}

/** What was tried, and on what; by hand, what was done. */
export function testSection({ topology, schedule, manual, seen }: RunDocument): Markup {
  if (manual)
    return html`<section id="test"><h2>What was done</h2><p>${topology}</p><ol>${seen.faults.map(faultLine)}</ol></section>`;
  if (topology === '' && schedule.length === 0) return html``;
  const steps =
    schedule.length === 0 ? null : html`<ol>${schedule.map((line) => html`<li>${line}</li>`)}</ol>`;
  const fallbacks = seen.events.filter(({ kind }) => kind === 'fallback');
  return html`<section id="test"><h2>How it was tested</h2><p>${topology}</p>${steps}${
    fallbacks.length > 0 &&
    html`<h3>What this server does not offer, and what was done instead</h3><ul>${fallbacks.map(({ text }) => html`<li>${text}</li>`)}</ul>`
  }</section>`;
}

/** Says in words what is missing from a run that did not come to its end. */
function partialNotice(document: RunDocument): Markup {
  const missing = [
    document.phases.length === 0 && 'phases',
    document.seen.roles.length === 0 && 'roles',
    document.series.groups.length === 0 && 'operations of clients',
    document.checks.length === 0 && 'checks',
  ].filter((each) => each !== false);
  if (missing.length === 0 && document.outcome !== 'lab-failed') return html``;
  const without = missing.length === 0 ? '' : ` It has no ${missing.join(', no ')}.`;
  const [why = ''] = document.reason.split('\n');
  // What clients had recorded can be judged, though the run as a whole cannot.
  const judge =
    document.checks.length === 0 && document.clients.length > 0
      ? html` What its clients had recorded is judged by <code>${document.commands.check}</code>.`
      : null;
  return html`<p class="partial" role="note"><b>This report is partial</b>: ${why.replace(/\.$/, '')}. The run ended after ${seconds(document.durationMs)}, and this shows what had been recorded by then.${without}${judge}</p>`;
}
