import type { Series } from '../../../lab/history/series.ts';
import { dataBlock, html, type Markup } from '../markup.ts';
import { columnsOf } from './buckets.ts';
import type { Frame } from './lane.ts';
import { stepArea, stepLine } from './path.ts';

/** Something that happened, to which one can go. */
export interface TimelineMoment {
  /** On the axis's clock, in ms. */
  at: number;
  text: string;
}

const overviewColumns = 240;

/** Buttons for the zoom, what is shown, and the strip of the whole run: hidden where no script runs, and on paper. */
export function timelineTools(frame: Frame, series: Series, moments: readonly TimelineMoment[]): Markup {
  const button = (action: string, text: string, title: string) =>
    html`<button type="button" data-zoom="${action}" aria-label="${title}" title="${title}">${text}</button>`;
  const { axis, faults } = frame;
  return html`<div class="timeline-tools" hidden><div class="zoom-buttons" role="group" aria-label="Zoom of the timeline">${button('in', '+', 'Zoom in (+)')}${button('out', '−', 'Zoom out (-)')}${button('all', 'All', 'Show all (0)')}${
    faults.length === 0 ? null : button('fault', 'The fault', 'Show the fault')
  }${
    moments.length === 0
      ? null
      : html`${button('previous', '‹ Event', 'Previous event ([)')}${button('next', 'Event ›', 'Next event (])')}`
  }</div><span class="shown-span" aria-hidden="true"></span><span class="moment-said quiet" role="status"></span><span class="span-said unseen" role="status"></span></div>
<div class="lane overview" hidden><div class="lane-label">whole run</div><svg class="plot" height="26" aria-hidden="true">${faults.map(
    (fault) =>
      html`<rect class="fault-shade" ${axis.span(fault.injectedAt, fault.healedAt ?? axis.durationMs)} height="100%"/>`,
  )}${wholeRun(frame, series)}<rect class="overview-part" x="0%" width="100%" y="0" height="100%"/></svg></div>${dataBlock('timeline-moments', moments)}`;
}

/** How to zoom; shown with the buttons. */
export function zoomHint(): Markup {
  return html`<p class="quiet zoom-hint" hidden><span class="by-mouse">Drag over the lanes to zoom in, drag the time axis to move; Ctrl + wheel, Shift + wheel; double-click for all. Keys: <kbd>+</kbd> <kbd>−</kbd> <kbd>0</kbd> <kbd>←</kbd> <kbd>→</kbd> <kbd>Home</kbd> <kbd>End</kbd> <kbd>[</kbd> <kbd>]</kbd></span><span class="by-touch">Pinch to zoom in, two fingers to move.</span></p>`;
}

/** What all clients together did. */
function wholeRun({ axis }: Frame, { groups, bucketMs }: Series): Markup {
  const sum = (pick: (group: Series['groups'][number]) => readonly number[]) => {
    const length = Math.max(0, ...groups.map((group) => pick(group).length));
    return Array.from({ length }, (_, i) => groups.reduce((all, group) => all + (pick(group)[i] ?? 0), 0));
  };
  const none = { p50: [], p99: [], max: [] };
  const all = {
    group: '',
    ok: sum(({ ok }) => ok),
    fail: sum(({ fail }) => fail),
    info: sum(({ info }) => info),
  };
  const columns = columnsOf({ ...all, ...none }, bucketMs, overviewColumns);
  const top = Math.max(1, ...columns.map((c) => Math.max(c.okPerSecond, c.failPerSecond + c.infoPerSecond)));
  const y = (perSecond: number) => 100 - (perSecond / top) * 92;
  const bad = (perSecond: number) => (perSecond === 0 ? null : y(perSecond));
  return html`<svg width="100%" height="100%" viewBox="${axis.viewBox}" preserveAspectRatio="none"><path class="ok" d="${stepArea(columns, (c) => y(c.okPerSecond))}"/><path class="fail" d="${stepLine(columns, (c) => bad(c.failPerSecond + c.infoPerSecond))}"/></svg>`;
}
