import type { SharedWindow, TimeWindow } from './shared-window.ts';
import { windowText } from './window-in-hash.ts';

/** The buttons above a timeline, which are hidden without a script, and what they show now. */
export function zoomButtons(
  element: HTMLElement,
  shown: SharedWindow,
  toMoment: (direction: 1 | -1) => void,
): void {
  const tools = element.querySelector<HTMLElement>('.timeline-tools');
  if (!tools) return;
  const fault = faultOf(element);
  const actions: Readonly<Record<string, () => void>> = {
    in: () => shown.scale(0.5),
    out: () => shown.scale(2),
    all: () => shown.show(shown.whole),
    fault: () => fault && shown.show(fault),
    previous: () => toMoment(-1),
    next: () => toMoment(1),
  };
  for (const button of tools.querySelectorAll<HTMLButtonElement>('button'))
    button.addEventListener('click', () => actions[button.dataset.zoom ?? '']?.());
  const span = tools.querySelector('.shown-span');
  const tell = (window: TimeWindow) => {
    if (span) span.textContent = windowText(window);
  };
  tell(shown.get());
  shown.onChange(tell);
  for (const each of element.querySelectorAll<HTMLElement>('.zoom-hint, .timeline-tools, .overview'))
    each.hidden = false;
}

/** From the first fault to the last heal, with what led to it and what came of it at its edges. */
function faultOf(element: HTMLElement): { fromMs: number; toMs: number } | null {
  const [from, to] = (element.dataset.fault ?? '').split(' ').map(Number);
  if (from === undefined || to === undefined) return null;
  const margin = Math.max((to - from) * 0.15, 50);
  return { fromMs: from - margin, toMs: to + margin };
}
