import type { Progress } from '../../lab/run/events.ts';
import type { RunDocument } from '../data/run-document.ts';
import { html, type Markup } from '../html/markup.ts';
import { page } from '../html/page.ts';
import { axisOf } from '../html/timeline/axis.ts';
import { legend, patterns } from '../html/timeline/legend.ts';
import { lanesOn } from '../html/timeline/timeline-section.ts';
import { seconds } from '../html/units.ts';
import { faultDialog } from './fault-dialog.ts';
import type { MenuFault } from './fault-menu.ts';
import { lately } from './lately.ts';
import { script } from './live.bundle.ts';
import { liveNodes } from './live-nodes.ts';
import { faultsInForce, liveState } from './live-state.ts';
import { liveStyle } from './live-style.css.ts';
import { liveTopology } from './live-topology.ts';

/** A run as it is now. */
export interface LiveView {
  document: RunDocument;
  progress: Progress | null;
  /** The faults that can be injected from the page; null where orders are not taken. */
  menu: readonly MenuFault[] | null;
}

/** The address of a run's page, behind which its events and orders lie, and of the list of all runs if there is one. */
export interface LiveAddresses {
  base: string;
  list: string | null;
}

/** How much of the run the lanes show. */
export const SHOWN_MS = 120_000;

/** The page of a run that goes on. It reads without JavaScript, as it was when it was asked for; its script keeps it new. */
export function renderLive(view: LiveView, { base, list }: LiveAddresses): string {
  const { scenario, variant, manual, topology, seed, timing } = view.document;
  const body = html`<header><p class="kicker">Failover lab · ${list === null ? null : html`<a href="${list}">all runs</a> · `}${scenario.name}${
    manual ? null : html` · <b>${variant}</b> settings`
  } · <span class="live-note" role="status" data-live-note>as it was when this page was asked for</span> <button type="button" data-hold aria-pressed="false" hidden>hold the pictures</button></p>
<h1>${scenario.title}</h1><p>${scenario.claim}</p><p class="quiet">${topology} · ${timing} timing · seed ${seed}</p></header>
${sectionsOf(view).map(({ markup }) => markup)}${patterns()}${view.menu === null ? null : faultDialog(view.menu)}`;
  return page(`${scenario.title} – live`, body, {
    script,
    style: liveStyle,
    isConnected: true,
    data: { events: `${base}events`, ...(view.menu === null ? {} : { orders: `${base}order` }) },
  });
}

/** What changes while the run goes on: each is an element of its own, which the page's script replaces. */
export function sectionsOf({ document, progress, menu }: LiveView): { id: string; markup: Markup }[] {
  const canOrder = menu !== null;
  return [
    { id: 'live-state', markup: liveState(document, progress) },
    { id: 'live-faults', markup: faultsInForce(document, canOrder) },
    { id: 'live-topology', markup: liveTopology(lately(document, shownFrom(document))) },
    { id: 'live-nodes', markup: liveNodes(document, menu) },
    { id: 'timeline', markup: timeline(document) },
  ];
}

function shownFrom({ durationMs }: RunDocument): number {
  return Math.max(0, durationMs - SHOWN_MS);
}

function timeline(document: RunDocument): Markup {
  const { durationMs } = document.seen;
  if (durationMs <= 0)
    return html`<section id="timeline"><h2>Timeline</h2><p class="quiet">Nothing has happened yet.</p></section>`;
  const fromMs = shownFrom(document);
  const what = fromMs === 0 ? '' : `, the last ${seconds(SHOWN_MS)}`;
  const axis = axisOf(durationMs, { fromMs, toMs: durationMs, zeroMs: 0, label: 'time since the start' });
  return html`<section id="timeline"><h2>Timeline${what}</h2>${legend([document])}
${lanesOn(lately(document, fromMs), axis)}</section>`;
}
