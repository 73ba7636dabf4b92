import type { RunDocument } from '../../data/run-document.ts';
import { html, type Markup } from '../markup.ts';
import { heatLevels } from './draw-latency.ts';
import { roles } from './role-lanes.ts';

/** The patterns that tell areas apart without colour. Referred to by every picture of the page. */
export function patterns(): Markup {
  const lines = (id: string, path: string, size: number) =>
    html`<pattern id="${id}" width="${size}" height="${size}" patternUnits="userSpaceOnUse"><rect class="${id}-ground" width="${size}" height="${size}"/><path class="${id}-lines" d="${path}"/></pattern>`;
  return html`<svg class="patterns" width="0" height="0" aria-hidden="true"><defs>
${lines('p-replica', 'M-1 7L7 -1M-1 1L1 -1M5 7L7 5', 6)}${lines('p-down', 'M0 0L8 8M8 0L0 8', 8)}
${lines('p-paused', 'M2 0V8M5 0V8', 8)}${lines('p-loading', 'M1 3H3', 5)}${lines('p-unproved', 'M-1 7L7 -1M-1 1L1 -1M5 7L7 5', 6)}
${lines('p-unserved', 'M-1 7L7 -1M-1 1L1 -1M5 7L7 5', 6)}${lines('p-most', 'M0 0L6 6M-1 5L1 7M5 -1L7 1', 6)}${lines('p-few', 'M1 2H3', 4)}
${lines('p-cause1', 'M-1 5L5 -1M-1 1L1 -1M3 5L5 3', 4)}${lines('p-cause2', 'M0 2H4', 4)}${lines('p-cause3', 'M2 0V4', 4)}${lines('p-cause4', 'M0 0L4 4M4 0L0 4', 4)}${lines('p-cause5', 'M1 2H3', 4)}
</defs></svg>`;
}

/** What the colours, patterns and lines of these runs' timelines mean. */
export function legend(documents: readonly RunDocument[]): Markup {
  const hasSlots = documents.some(({ ownership }) => ownership !== undefined);
  const hasHeat = documents.some(({ series }) => series.detail !== undefined);
  const hasCuts = documents.some(({ seen }) =>
    seen.faults.some(({ targets }) => targets.some((target) => target.includes('→'))),
  );
  const item = (content: Markup, text: string) =>
    html`<li><svg width="26" height="14" aria-hidden="true">${content}</svg>${text}</li>`;
  const area = (className: string, text: string) =>
    item(html`<rect class="${className}" width="26" height="14"/>`, text);
  const line = (className: string, text: string) =>
    item(html`<path class="${className}" d="M0 7H26"/>`, text);
  return html`<ul class="legend" aria-label="Legend">
${area('fault-proved', 'fault proved to be in force')}${area('fault-unproved', 'being injected or healed, or not proved')}
${roles.map((role) => area(`role-${role}`, role === 'unknown' ? 'role not known' : role))}
${hasCuts ? [area('reach-none', 'no other host reaches it'), area('reach-cut', 'some hosts do not reach it')] : null}
${
  hasSlots
    ? [
        area('served', 'slots that somebody served'),
        area('unserved', 'slots that nobody served'),
        area('owner-all', 'owner, all agreed'),
        area('owner-most', 'owner, most said so'),
        area('owner-few', 'owner, few said so'),
        area('two-owners', 'two nodes served the same slots'),
      ]
    : null
}
${area('ok', 'operations that succeeded')}${line('fail', 'failed: certainly not done')}${line('info', 'outcome unknown (timeout, reset)')}
${line('p50', 'median latency')}${line('p99', '99 % are faster')}${line('slowest', 'slowest')}${hasHeat ? item(shades(), 'few to many operations took so long') : null}</ul>`;
}

function shades(): Markup {
  return html`${Array.from({ length: heatLevels }, (_, i) => html`<rect class="heat-${i + 1}" x="${i * 5.2}" width="5.2" height="14"/>`)}`;
}
