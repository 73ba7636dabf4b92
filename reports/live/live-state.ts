import type { Progress } from '../../lab/run/events.ts';
import type { RunDocument } from '../data/run-document.ts';
import { html, type Markup } from '../html/markup.ts';
import { number, seconds } from '../html/units.ts';

/** The figures that change several times a second; the page's script writes them into the places named by `data-live`. */
export function figuresOf(progress: Progress): Readonly<Record<string, string>> {
  return {
    at: seconds(progress.at),
    opsPerSecond: number(progress.opsPerSecond),
    ok: number(progress.ok),
    fail: number(progress.fail),
    info: number(progress.info),
    lost: progress.lost === null ? 'not known' : number(progress.lost),
  };
}

const cards = [
  ['at', 'Time', 'since the start'],
  ['opsPerSecond', 'Operations', 'per second that ended ok'],
  ['ok', 'Ended ok', 'since the load began'],
  ['fail', 'Failed', 'certainly not done'],
  ['info', 'Unknown', 'nobody knows whether they took effect'],
  ['lost', 'Missing now', 'acknowledged writes that the present primaries lack'],
] as const;

/** Where the run stands. */
export function liveState(document: RunDocument, progress: Progress | null): Markup {
  const at = seconds(document.durationMs);
  const figures: Readonly<Record<string, string>> = progress === null ? { at } : figuresOf(progress);
  const shown = cards.filter(([name]) => name in figures);
  return html`<section id="live-state" aria-label="Where the run stands"><dl class="cards live-cards"><div class="card"><dt>Phase</dt><dd><b>${phaseOf(document)}</b><small>${document.manual ? 'of the lab' : 'of the run'}</small></dd></div>${shown.map(
    ([name, label, note]) =>
      html`<div class="card"><dt>${label}</dt><dd><b data-live="${name}">${figures[name] ?? ''}</b><small>${note}</small></dd></div>`,
  )}</dl></section>`;
}

/** The last that began; a lab that stands is in none that a schedule has. */
function phaseOf({ phases, manual }: RunDocument): string {
  const name = phases.at(-1)?.name ?? 'starting';
  return manual && name === 'disturb' ? 'stands' : name;
}

/** What is broken now; with buttons that heal it, where orders are taken. */
export function faultsInForce({ seen, durationMs }: RunDocument, canOrder: boolean): Markup {
  const inForce = seen.faults.filter(
    ({ healedAt, proof }) => healedAt === null && !proof.startsWith('not injected:'),
  );
  const items = inForce.map(
    ({ id, text, provedAt, injectedAt, proof }) => html`<li><b>${text}</b> <code>${id}</code>
<span class="quiet">${provedAt === null ? (proof === 'not injected' ? 'being injected' : `not proved: ${proof}`) : `in force for ${seconds(durationMs - injectedAt)}`}</span>${
      canOrder ? html` <button type="button" data-heal="${id}">heal</button>` : null
    }</li>`,
  );
  return html`<section id="live-faults" aria-label="Faults in force"><h2>In force now</h2>${
    items.length === 0
      ? html`<p class="quiet">Nothing is broken.</p>`
      : html`<ul class="live-faults">${items}</ul>${
          canOrder && items.length > 1
            ? html`<p><button type="button" data-heal="">heal everything</button></p>`
            : null
        }`
  }</section>`;
}
