import type { SharedWindow } from './shared-window.ts';
import type { TimelineView } from './timeline-view.ts';

/** A shorter drag is a click whose hand trembled. */
const leastPx = 5;

/** A span that is dragged over the lanes with a mouse or a pen becomes what is shown. Escape gives it up. */
export function dragToZoom(view: TimelineView, shown: SharedWindow): void {
  const { element } = view;
  const mark = document.createElement('div');
  mark.className = 'dragged';
  mark.hidden = true;
  element.append(mark);
  let fromPx: number | null = null;
  const inside = (event: PointerEvent) => {
    const { left, right } = view.plotBox();
    return Math.min(Math.max(event.clientX, left), right);
  };
  const end = () => {
    fromPx = null;
    mark.hidden = true;
  };
  element.addEventListener('pointerdown', (event) => {
    const isLane = event.target instanceof Element && event.target.closest('.lane:not(.axis) .plot') !== null;
    if (event.pointerType === 'touch' || event.button !== 0 || !isLane || event.shiftKey) return;
    fromPx = inside(event);
  });
  element.addEventListener('pointermove', (event) => {
    if (fromPx === null) return;
    const toPx = inside(event);
    if (mark.hidden && Math.abs(toPx - fromPx) < leastPx) return;
    // Not before: clicks on what is captured would go to the timeline itself.
    if (mark.hidden) element.setPointerCapture(event.pointerId);
    mark.hidden = false;
    mark.style.left = `${Math.min(fromPx, toPx) - element.getBoundingClientRect().left}px`;
    mark.style.width = `${Math.abs(toPx - fromPx)}px`;
  });
  element.addEventListener('pointerup', (event) => {
    if (fromPx === null) return;
    const [left, right] = [fromPx, inside(event)].sort((a, b) => a - b) as [number, number];
    end();
    if (right - left < leastPx) return;
    const box = view.plotBox();
    const { fromMs, toMs } = shown.get();
    const at = (px: number) => fromMs + ((px - box.left) / box.width) * (toMs - fromMs);
    shown.show({ fromMs: at(left), toMs: at(right) });
  });
  element.addEventListener('pointercancel', end);
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') end();
  });
}
