import { seconds } from '../../units.ts';
import type { SharedWindow, TimeWindow } from './shared-window.ts';

/** The hash's own name for it: `#time=2.2-4.5`, in seconds. */
const name = 'time';
/** So long nothing changes before it is told: addresses and screen readers are not for every frame of a gesture. */
const quietMs = 300;

/** Keeps what is shown in the page's address, so that a link leads to it, and tells screen readers once it rests. */
export function windowInHash(shown: SharedWindow, announced: Element | null, signal: AbortSignal): void {
  const read = () => {
    const given = windowOf(new URLSearchParams(location.hash.slice(1)).get(name));
    if (given !== null) shown.show(given);
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  shown.onChange((window) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      history.replaceState(history.state, '', addressWith(shown.isWhole() ? null : window));
      if (announced) announced.textContent = `Shown: ${windowText(window)}`;
    }, quietMs);
  });
  addEventListener('hashchange', read, { signal });
  read();
}

/** `2.20 s to 4.50 s (2.30 s)` */
export function windowText({ fromMs, toMs }: TimeWindow): string {
  return `${seconds(fromMs)} to ${seconds(toMs)} (${seconds(toMs - fromMs)})`;
}

function windowOf(text: string | null): TimeWindow | null {
  const [from, to] = (/^(-?[\d.]+)-(-?[\d.]+)$/.exec(text ?? '') ?? []).slice(1).map((s) => Number(s) * 1000);
  return from !== undefined && to !== undefined && to > from ? { fromMs: from, toMs: to } : null;
}

/** The page's address with this part, and with whatever else its hash says. */
function addressWith(window: TimeWindow | null): string {
  const others = location.hash
    .slice(1)
    .split('&')
    .filter((part) => part !== '' && !part.startsWith(`${name}=`));
  const s = (ms: number) => String(Math.round(ms * 10) / 10_000);
  const own = window === null ? [] : [`${name}=${s(window.fromMs)}-${s(window.toMs)}`];
  const parts = [...others, ...own].join('&');
  return parts === '' ? location.pathname + location.search : `#${parts}`;
}
