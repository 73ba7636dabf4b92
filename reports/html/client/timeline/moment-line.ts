import { momentEvent, tellMoment } from '../moment-event.ts';
import type { SharedWindow } from './shared-window.ts';
import type { TimelineView } from './timeline-view.ts';

/**
 * A line through all lanes at one moment, with its time: under the pointer, or where something else of the page set it.
 * The moment goes both ways as `lab:moment` on the document, in ms of the shared axis.
 */
export function momentLine(view: TimelineView, shown: SharedWindow, signal: AbortSignal): void {
  const { element } = view;
  const cursor = element.querySelector<HTMLElement>('.cursor');
  const label = cursor?.querySelector('span');
  if (!cursor || !label) return;
  // Below what stays at the window's top, wherever the page is scrolled to.
  const head = element.querySelector<HTMLElement>('.timeline-head');
  const hint = element.querySelector<HTMLElement>('.zoom-hint');
  const placeBelowHead = () => {
    const headPx = head?.offsetHeight ?? 0;
    label.style.top = `${headPx}px`;
    label.style.marginTop = `${headPx + (hint?.offsetHeight ?? 0) + 6}px`;
  };
  let momentMs: number | null = null;
  const draw = () => {
    if (momentMs === null) return;
    const { fromMs, toMs } = shown.get();
    const share = (momentMs - fromMs) / (toMs - fromMs);
    cursor.hidden = share < 0 || share > 1;
    if (cursor.hidden) return;
    const box = view.plotBox();
    cursor.style.left = `${box.left - element.getBoundingClientRect().left + share * box.width}px`;
    cursor.classList.toggle('flip', share > 0.85);
    placeBelowHead();
    label.textContent = momentText(momentMs, toMs - fromMs);
  };
  element.addEventListener('pointermove', ({ clientX, target }) => {
    if (target instanceof Element && target.closest('.timeline-tools, .overview')) return;
    const box = view.plotBox();
    const share = (clientX - box.left) / box.width;
    if (share < 0 || share > 1) return;
    const { fromMs, toMs } = shown.get();
    const atMs = fromMs + share * (toMs - fromMs);
    tellMoment(atMs, element);
  });
  document.addEventListener(
    momentEvent,
    (event) => {
      const { atMs } = (event as CustomEvent<{ atMs: number | null }>).detail;
      momentMs = atMs;
      cursor.hidden = atMs === null;
      draw();
    },
    { signal },
  );
  shown.onChange(draw);
}

/** Milliseconds, and their tenths where those are far enough apart to be seen. */
function momentText(ms: number, shownMs: number): string {
  return `${(ms / 1000).toFixed(shownMs < 200 ? 4 : 3)}\u202fs`;
}
