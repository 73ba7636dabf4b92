import type { RunDocument } from '../data/run-document.ts';
import { headlineOf, outageText } from './headline.ts';
import { html, type Markup } from './markup.ts';
import { count, percent, seconds } from './units.ts';
import { lossSentence, outcomeSentence, outcomeSign, outcomeTitle } from './words.ts';

/** The top of the page: what came out, what was claimed, and the four numbers that it comes down to. */
export function verdictSection(document: RunDocument): Markup {
  const { scenario, outcome, variant, reason } = document;
  return html`<header><p class="kicker">Failover lab · ${scenario.name} · <b>${variant}</b> settings</p>
<h1>${scenario.title}</h1>
<div class="verdict ${outcome}"><p class="outcome"><span class="sign" aria-hidden="true">${outcomeSign[outcome]}</span> ${outcomeTitle[outcome]}</p>
<p><b>${lossSentence(document)}</b> ${outcomeSentence(document)}</p><p class="reason">${reason}</p></div>
${partialNotice(document)}
<dl class="claim"><dt>Claim</dt><dd>${scenario.claim}</dd>${
    scenario.variantSummary === '' ? null : html`<dt>This variant</dt><dd>${scenario.variantSummary}</dd>`
  }</dl>${keyNumbers(document)}${testSection(document)}</header>`;
}

/** What was tried, and on what. */
function testSection({ topology, schedule }: RunDocument): Markup {
  if (topology === '' && schedule.length === 0) return html``;
  const steps =
    schedule.length === 0 ? null : html`<ol>${schedule.map((line) => html`<li>${line}</li>`)}</ol>`;
  return html`<h2>How it was tested</h2><p>${topology}</p>${steps}`;
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
  return html`<p class="partial" role="note"><b>This report is partial.</b> The run ended after ${seconds(document.durationMs)} and shows what had been recorded by then.${without}</p>`;
}

function keyNumbers(document: RunDocument): Markup {
  const headline = headlineOf(document);
  const { lost, acknowledged, longestOutageMs, outageGapMs, recoveryMs, neverRecovered } = headline;
  const since = headline.outageAfter === null ? '' : `, counted ${headline.outageAfter}`;
  const stuck = neverRecovered !== null && neverRecovered > 0;
  const recovered =
    recoveryMs === null ? 'no check measured it' : 'from the fault until the last client worked again';
  const share =
    lost !== null && acknowledged
      ? `${percent(lost / acknowledged)} of ${count(acknowledged, 'writes')} that clients were told are stored`
      : 'no check counted them';
  const known = (ms: number | null) => (ms === null ? 'not known' : seconds(ms));
  const card = (label: string, value: string, note: string, isBad = false) =>
    html`<div class="card${isBad ? ' bad' : ''}"><dt>${label}</dt><dd><b>${value}</b><small>${note}</small></dd></div>`;
  return html`<dl class="cards">
${card('Acknowledged writes lost', lost === null ? 'not known' : count(lost, 'writes'), share, lost !== null && lost > 0)}
${
  longestOutageMs === 0
    ? card(
        'Longest outage',
        'none',
        `no client was without a success for more than ${outageGapMs}\u202fms${since}`,
      )
    : card(
        'Longest outage',
        outageText(headline),
        longestOutageMs === null ? 'no check measured it' : `in which a client had no success${since}`,
      )
}
${card('Recovery', stuck ? 'never' : known(recoveryMs), stuck ? `for ${count(neverRecovered, 'clients')}, as long as the load ran` : recovered, stuck)}
${card(
  'Length of the run',
  seconds(document.durationMs),
  document.readyMs > 0
    ? `topology ready after ${seconds(document.readyMs)}, ${document.timing} timing`
    : 'the topology never became ready',
)}</dl>`;
}
