/** A span on the axis that all timelines of the page share, in ms of that axis. */
export interface TimeWindow {
  fromMs: number;
  toMs: number;
}

/** Which part of the time all timelines of the page show. */
export interface SharedWindow {
  whole: TimeWindow;
  /** How many times wider than the whole a lane may become. */
  mostZoom: number;
  get(): TimeWindow;
  /** Shows this part, kept inside the whole. */
  show(window: TimeWindow): void;
  /** Shows a part `factor` times as long, in which `atMs` (default: the middle) keeps its place. */
  scale(factor: number, atMs?: number): void;
  /** Moves by so many shares of what is shown. */
  move(shares: number): void;
  isWhole(): boolean;
  /** Told once a frame, however often it changed. */
  onChange(listener: (window: TimeWindow) => void): void;
}

/** Shorter spans than this hold nothing to see: clocks of different processes are compared in it. */
const closestMs = 5;
/** Beyond, positions in a lane would no longer be exact to a pixel. */
const mostZoom = 4000;

/** Published as `lab:window` on the document, for whatever else shows the same time. */
export function sharedWindow(whole: TimeWindow): SharedWindow {
  const lengthMs = whole.toMs - whole.fromMs;
  const leastMs = Math.min(lengthMs, Math.max(closestMs, lengthMs / mostZoom));
  const listeners: ((window: TimeWindow) => void)[] = [];
  let shown = whole;
  let isToldSoon = false;
  const tell = () => {
    isToldSoon = false;
    for (const listener of listeners) listener(shown);
    document.dispatchEvent(new CustomEvent('lab:window', { detail: shown }));
  };
  const show = ({ fromMs, toMs }: TimeWindow) => {
    const length = Math.min(lengthMs, Math.max(leastMs, toMs - fromMs));
    const middle = (fromMs + toMs) / 2;
    const from = Math.min(Math.max(middle - length / 2, whole.fromMs), whole.toMs - length);
    if (from === shown.fromMs && from + length === shown.toMs) return;
    shown = { fromMs: from, toMs: from + length };
    if (isToldSoon) return;
    isToldSoon = true;
    requestAnimationFrame(tell);
  };
  return {
    whole,
    mostZoom: lengthMs / leastMs,
    get: () => shown,
    show,
    scale(factor, atMs = (shown.fromMs + shown.toMs) / 2) {
      // At its limit a zoom does nothing, instead of moving what is shown.
      const length = shown.toMs - shown.fromMs;
      const times = Math.min(lengthMs / length, Math.max(leastMs / length, factor));
      show({ fromMs: atMs + (shown.fromMs - atMs) * times, toMs: atMs + (shown.toMs - atMs) * times });
    },
    move(shares) {
      const by = shares * (shown.toMs - shown.fromMs);
      show({ fromMs: shown.fromMs + by, toMs: shown.toMs + by });
    },
    isWhole: () => shown.toMs - shown.fromMs >= lengthMs * 0.9999,
    onChange: (listener) => listeners.push(listener),
  };
}
