import { dragToZoom } from './drag-to-zoom.ts';
import { gestures } from './gestures.ts';
import { momentLine } from './moment-line.ts';
import { overview } from './overview.ts';
import { sharedWindow } from './shared-window.ts';
import { timelineView } from './timeline-view.ts';
import { toMomentOf } from './to-moment.ts';
import { windowInHash } from './window-in-hash.ts';
import { zoomButtons } from './zoom-buttons.ts';
import { zoomKeys } from './zoom-keys.ts';

/** Zoom and pan of the one time axis that all timelines of the page share, by mouse, touch, keys and buttons. */
export function timelineZoom(elements: readonly HTMLElement[]): void {
  const views = elements.map(timelineView);
  const [first] = views;
  if (first === undefined) return;
  const shown = sharedWindow(first.whole);
  for (const view of views) {
    const { element } = view;
    shown.onChange((window) => view.show(window));
    gestures(view, shown);
    dragToZoom(view, shown);
    momentLine(view, shown);
    overview(element, shown);
    const toMoment = toMomentOf(element, shown, element.querySelector('.moment-said'));
    zoomButtons(element, shown, toMoment);
    zoomKeys(element, shown, toMoment);
    // Texts are shown where they fit at the width that there is.
    new ResizeObserver(() => shown.isWhole() || view.show(shown.get())).observe(element);
  }
  windowInHash(shown, [...document.querySelectorAll('.span-said')].slice(0, 1));
}
