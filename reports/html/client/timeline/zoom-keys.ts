import type { SharedWindow } from './shared-window.ts';

/** How much of what is shown an arrow key moves. */
const step = 0.2;

/** Makes a timeline focusable, with keys for what gestures do; the hint beside the buttons names them. */
export function zoomKeys(
  element: HTMLElement,
  shown: SharedWindow,
  toMoment: (direction: 1 | -1) => void,
): void {
  const { whole } = shown;
  const actions: Readonly<Record<string, () => void>> = {
    '+': () => shown.scale(0.5),
    '=': () => shown.scale(0.5),
    '-': () => shown.scale(2),
    '0': () => shown.show(whole),
    ArrowLeft: () => shown.move(-step),
    ArrowRight: () => shown.move(step),
    Home: () => shown.move(-shown.mostZoom),
    End: () => shown.move(shown.mostZoom),
    '[': () => toMoment(-1),
    ']': () => toMoment(1),
  };
  element.tabIndex = 0;
  element.setAttribute('aria-keyshortcuts', Object.keys(actions).join(' ').replace('+', 'Plus'));
  element.addEventListener('keydown', (event) => {
    if (event.target !== element || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}
