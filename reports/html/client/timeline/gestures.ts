import { select } from 'd3-selection';
import { ZoomTransform, zoom } from 'd3-zoom';
import type { SharedWindow, TimeWindow } from './shared-window.ts';
import type { TimelineView } from './timeline-view.ts';

/** Of a wheel's steps: those of a mouse are so long in px or longer, those of fingers on a touchpad shorter. */
const mouseStepPx = 50;

/**
 * Zoom and pan by wheel (with Ctrl or ⌘, or pinched on a touchpad; with Shift, or sideways, it pans), by dragging the
 * time axis, and by two fingers. A plain wheel and one finger still scroll the page.
 */
export function gestures(view: TimelineView, shown: SharedWindow): void {
  const { element } = view;
  const lengthMs = shown.whole.toMs - shown.whole.fromMs;
  const edges = (): [number, number] => {
    const box = view.plotBox();
    const left = box.left - element.getBoundingClientRect().left;
    return [left, left + box.width];
  };
  const isOnAxis = (event: Event) =>
    event.target instanceof Element && event.target.closest('.axis') !== null;
  const behaviour = zoom<HTMLElement, unknown>()
    .scaleExtent([1, shown.mostZoom])
    .extent(() => {
      const [left, right] = edges();
      // How far it can be moved follows the window's width.
      behaviour.translateExtent([
        [left, 0],
        [right, 1],
      ]);
      return [
        [left, 0],
        [right, 1],
      ];
    })
    .wheelDelta(({ deltaY, deltaMode }) => {
      const px = deltaMode === 0 ? deltaY : deltaY * 20;
      return -px * (Math.abs(px) < mouseStepPx ? 0.02 : 0.006);
    })
    .filter((event: Event) => {
      if (event instanceof WheelEvent) return event.ctrlKey || event.metaKey;
      if ('touches' in event) return (event as TouchEvent).touches.length > 1;
      return event instanceof MouseEvent && event.button === 0 && isOnAxis(event);
    })
    .on('zoom', ({ transform, sourceEvent }: { transform: ZoomTransform; sourceEvent: Event | null }) => {
      if (sourceEvent === null) return;
      const [left, right] = edges();
      const at = (x: number) =>
        shown.whole.fromMs + ((transform.invertX(x) - left) / (right - left)) * lengthMs;
      shown.show({ fromMs: at(left), toMs: at(right) });
    });
  const selection = select(element).call(behaviour).on('dblclick.zoom', null);
  const follow = ({ fromMs, toMs }: TimeWindow) => {
    const [left, right] = edges();
    const times = lengthMs / (toMs - fromMs);
    const offset = ((fromMs - shown.whole.fromMs) / lengthMs) * (right - left);
    // Where the next gesture begins, without telling of a change that comes from elsewhere.
    selection.property('__zoom', new ZoomTransform(times, left - (left + offset) * times, 0));
  };
  follow(shown.get());
  shown.onChange(follow);
  new ResizeObserver(() => follow(shown.get())).observe(element);
  element.addEventListener('wheel', (event) => panByWheel(event, view, shown), { passive: false });
  element.addEventListener('dblclick', (event) => {
    if (event.target instanceof Element && event.target.closest('.plot')) shown.show(shown.whole);
  });
}

function panByWheel(event: WheelEvent, view: TimelineView, shown: SharedWindow): void {
  if (event.ctrlKey || event.metaKey || shown.isWhole()) return;
  const isSideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
  if (!event.shiftKey && !isSideways) return;
  event.preventDefault();
  shown.move((isSideways ? event.deltaX : event.deltaY) / view.plotBox().width);
}
