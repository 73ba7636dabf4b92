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

let current: AbortController | undefined;

/**
 * Zoom and pan of the one time axis that all timelines of the page share, by mouse, touch, keys and buttons. Called again
 * for other elements (a live page has new ones now and then) it lets go of the former.
 */
export function timelineZoom(elements: readonly HTMLElement[]): void {
  current?.abort();
  current = new AbortController();
  const { signal } = current;
  const views = elements.map(timelineView);
  const [first] = views;
  if (first === undefined) return;
  const shown = sharedWindow(first.whole);
  for (const view of views) {
    const { element } = view;
    shown.onChange((window) => view.show(window));
    gestures(view, shown);
    dragToZoom(view, shown);
    momentLine(view, shown, signal);
    overview(element, shown);
    const toMoment = toMomentOf(element, shown, signal);
    zoomButtons(element, shown, toMoment);
    zoomKeys(element, shown, toMoment);
    let isOnPaper = false;
    const show = (paper: boolean) => {
      isOnPaper = paper;
      if (isOnPaper) view.asOnPaper();
      else view.show(shown.get());
    };
    // Texts are shown where they fit at the width that there is; observing tells the first width as well.
    new ResizeObserver(() => show(isOnPaper)).observe(element);
    addEventListener('beforeprint', () => show(true), { signal });
    addEventListener('afterprint', () => show(false), { signal });
  }
  windowInHash(shown, first.element.querySelector('.span-said'), signal);
}
