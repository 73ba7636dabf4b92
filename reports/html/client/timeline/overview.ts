import type { SharedWindow } from './shared-window.ts';

/** The strip of the whole run with the part that is shown: a press or a drag in it moves that part there. */
export function overview(element: HTMLElement, shown: SharedWindow): void {
  const plot = element.querySelector<SVGElement>('.overview .plot');
  const part = plot?.querySelector('.overview-part');
  if (!plot || !part) return;
  const { whole } = shown;
  const lengthMs = whole.toMs - whole.fromMs;
  shown.onChange(({ fromMs, toMs }) => {
    part.setAttribute('x', `${((fromMs - whole.fromMs) / lengthMs) * 100}%`);
    part.setAttribute('width', `${((toMs - fromMs) / lengthMs) * 100}%`);
  });
  const moveTo = ({ clientX }: PointerEvent) => {
    const box = plot.getBoundingClientRect();
    const atMs = whole.fromMs + ((clientX - box.left) / box.width) * lengthMs;
    const { fromMs, toMs } = shown.get();
    const half = (toMs - fromMs) / 2;
    shown.show({ fromMs: atMs - half, toMs: atMs + half });
  };
  plot.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    plot.setPointerCapture(event.pointerId);
    moveTo(event);
  });
  plot.addEventListener('pointermove', (event) => {
    if (plot.hasPointerCapture(event.pointerId)) moveTo(event);
  });
}
