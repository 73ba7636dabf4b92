import { html, type Markup } from './markup.ts';

const terms: readonly (readonly [string, string])[] = [
  ['acknowledged', 'The client got an OK: it was told that its write is stored.'],
  ['lost', 'Acknowledged, and not in the data of whoever is primary at the end.'],
  [
    'minority primary',
    'A primary that is cut off and has been replaced by the others, and does not know it. What it acknowledges is thrown away when it comes back.',
  ],
  [
    'unreplicated',
    'The primary had acknowledged the write and no replica that became primary had received it. Redis replicates after it acknowledges.',
  ],
  ['wiped', 'The primary came back with less data than it had, and its replicas copied that.'],
  [
    '+sdown, +odown',
    'Subjectively down: one Sentinel gets no valid answer for down-after-milliseconds. Objectively down: as many Sentinels as the quorum say so, and a failover may begin.',
  ],
  [
    'promotion, switch',
    'Promotion: a replica becomes primary, by its own log. Switch: Sentinels announce it to clients (+switch-master), which is later.',
  ],
  [
    'full copy, partial resynchronisation',
    'A replica either throws its data away and takes all of its primary’s, or, where their histories agree, only what it lacks.',
  ],
  [
    'outcome unknown',
    'A timeout or a broken connection: the write may be stored or not. It is held neither for nor against Redis.',
  ],
  [
    'proved',
    'The lab does not trust its own faults: it looked, from outside, whether the fault was in force. Without that a run is inconclusive.',
  ],
  [
    'vacuity',
    'Whether the run could show anything: the fault was proved, and enough was written while it was in force.',
  ],
];

/** The words that the page uses, for those who do not run Redis every day. */
export function glossarySection(): Markup {
  return html`<section id="words"><h2>Words</h2><dl class="words">${terms.map(
    ([term, meaning]) => html`<dt>${term}</dt><dd>${meaning}</dd>`,
  )}</dl></section>`;
}
