import { html, type Markup } from '../markup.ts';
import { number } from '../units.ts';

/** The time axis that all lanes of a run share: their pictures have the same width, and x is a share of it. */
export interface Axis {
  /** The run's end: what lasts, lasts until then. */
  durationMs: number;
  /** How much time the width is. */
  lengthMs: number;
  /** A moment of the run as a percentage of the width, for an SVG attribute. */
  x(ms: number): string;
  /** A span as a percentage of the width; a short one keeps a visible minimum. */
  width(fromMs: number, toMs: number): string;
  /** Of a picture as wide as all lanes, whose x is the run's time in ms and whose y goes to 100. */
  viewBox: string;
  /** Moments of the run, and how they are called. */
  ticks: readonly { at: number; text: string }[];
  /** What the left edge is called, in ms. */
  leftMs: number;
  /** What the ticks count. */
  label: string;
}

/** Which part of time an axis shows, when that is not the run's own: so that several runs stand below each other. */
export interface AxisView {
  /** In the run's time; may be before its start. */
  fromMs: number;
  toMs: number;
  /** The moment that is called 0. */
  zeroMs: number;
  label: string;
}

const steps = [1, 2, 5];

export function axisOf(durationMs: number, view?: AxisView): Axis {
  const own = { fromMs: 0, toMs: Math.max(durationMs, 1), zeroMs: 0, label: 'time since the start' };
  const { fromMs, toMs, zeroMs, label } = view ?? own;
  const lengthMs = toMs - fromMs;
  const share = (ms: number) => (Math.min(Math.max(ms - fromMs, 0), lengthMs) / lengthMs) * 100;
  const percent = (value: number) => `${Math.round(value * 1000) / 1000}%`;
  const [every, times] = roundTimes(fromMs - zeroMs, toMs - zeroMs);
  return {
    durationMs: Math.max(durationMs, 1),
    lengthMs,
    x: (ms) => percent(share(ms)),
    width: (from, to) => percent(Math.max(share(to) - share(from), 0.15)),
    viewBox: `${fromMs} 0 ${lengthMs} 100`,
    ticks: times.map((time) => ({ at: time + zeroMs, text: tickText(every, time) })),
    leftMs: fromMs - zeroMs,
    label,
  };
}

/** At most eight of them, and how far they are apart. */
function roundTimes(fromMs: number, toMs: number): [every: number, times: number[]] {
  for (let decade = 1; ; decade *= 10) {
    for (const step of steps) {
      const every = step * decade;
      if ((toMs - fromMs) / every > 7) continue;
      const first = Math.ceil(fromMs / every);
      const count = Math.floor(toMs / every) - first + 1;
      return [every, Array.from({ length: count }, (_, i) => (first + i) * every)];
    }
  }
}

/** The line of times above and below the lanes. */
export function axisRow(axis: Axis): Markup {
  const labels = axis.ticks.map(({ at, text }, i) => {
    const share = Number.parseFloat(axis.x(at));
    const anchor = share < 4 ? 'start' : share > 94 ? 'end' : 'middle';
    return html`<text x="${axis.x(at)}" y="13" text-anchor="${anchor}" class="tick${i % 2 ? ' odd' : ''}">${text}</text>`;
  });
  return html`<div class="lane axis"><div class="lane-label">${axis.label}</div>
<svg class="plot" height="18" aria-hidden="true">${labels}</svg></div>`;
}

/** All labels of an axis with the same number of digits. */
function tickText(every: number, ms: number): string {
  const digits = every >= 100 ? 1 : every >= 10 ? 2 : 3;
  const rest = (Math.abs(ms) / 1000).toFixed(digits).split('.')[1] ?? '';
  return `${ms < 0 ? '−' : ''}${number(Math.floor(Math.abs(ms) / 1000))}.${rest}\u202fs`;
}
