import type { TimelineMoment } from '../../timeline/timeline-tools.ts';
import { momentEvent, tellMoment } from '../moment-event.ts';
import type { SharedWindow } from './shared-window.ts';

/** Of a run that is shown whole, so much is shown around a moment. */
const share = 0.15;

/** Goes to the next or previous thing that happened, marks it, and says what it is. */
export function toMomentOf(
  element: HTMLElement,
  shown: SharedWindow,
  signal: AbortSignal,
): (direction: 1 | -1) => void {
  const moments: TimelineMoment[] = JSON.parse(
    element.querySelector('.timeline-moments')?.textContent ?? '[]',
  );
  const announced = element.querySelector('.moment-said');
  let current: number | null = null;
  document.addEventListener(
    momentEvent,
    (event) => {
      current = (event as CustomEvent<{ atMs: number | null }>).detail.atMs;
    },
    { signal },
  );
  return (direction) => {
    const { whole } = shown;
    const from = current ?? (direction > 0 ? -Infinity : Infinity);
    const next =
      direction > 0
        ? moments.find(({ at }) => at > from + 0.5)
        : moments.findLast(({ at }) => at < from - 0.5);
    if (next === undefined) return;
    const { fromMs, toMs } = shown.get();
    const half = (shown.isWhole() ? (whole.toMs - whole.fromMs) * share : toMs - fromMs) / 2;
    shown.show({ fromMs: next.at - half, toMs: next.at + half });
    tellMoment(next.at, element);
    if (announced) announced.textContent = next.text;
  };
}
