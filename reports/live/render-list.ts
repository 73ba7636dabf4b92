import { html, type Markup } from '../html/markup.ts';
import { page } from '../html/page.ts';
import { table } from '../html/table.ts';
import { script } from './live.bundle.ts';
import { liveStyle } from './live-style.css.ts';

/** A run of several, as the list shows it. */
export interface ListedRun {
  scenario: string;
  variant: string;
  seed: number;
  phase: string;
  /** Empty until it has ended. */
  outcome: string;
  href: string;
}

/** The page over several runs that go on one after the other, or side by side; `events` keeps it new. */
export function renderList(runs: readonly ListedRun[], events: string): string {
  const body = html`<header><p class="kicker">Failover lab · <span class="live-note" role="status" data-live-note>as it was when this page was asked for</span></p>
<h1>Runs</h1></header>${listSection(runs)}`;
  return page('Failover lab – live', body, {
    script,
    style: liveStyle,
    isConnected: true,
    data: { events },
  });
}

/** What changes of it; those that go on first. */
export function listSection(runs: readonly ListedRun[]): Markup {
  const goOn = runs.filter(({ outcome }) => outcome === '');
  const ended = runs.filter(({ outcome }) => outcome !== '').reverse();
  if (runs.length === 0)
    return html`<section id="live-runs"><p class="quiet">No run has begun yet.</p></section>`;
  return html`<section id="live-runs">${table(
    ['scenario', 'variant', 'seed', 'state'],
    [...goOn, ...ended].map(({ scenario, variant, seed, phase, outcome, href }) => [
      html`<a href="${href}">${scenario}</a>`,
      variant,
      String(seed),
      outcome === '' ? phase : html`<span class="badge ${outcome}">${outcome.replace('-', ' ')}</span>`,
    ]),
  )}</section>`;
}
