import { html, type Markup } from '../markup.ts';
import { anchorAt, ticksOf } from './ticks.ts';

/** The time axis that all lanes of a run share: their pictures have the same width, and x is a share of it. */
export interface Axis {
  /** The run's end: what lasts, lasts until then. */
  durationMs: number;
  /** How much time the width is. */
  lengthMs: number;
  /** A moment of the run as a percentage of the width, for an SVG attribute. */
  x(ms: number): string;
  /**
   * A span as the attributes `x` and `width`, percentages of the width. A short one keeps a visible minimum; its own
   * width is then in `data-w`, for whoever zooms in.
   */
  span(fromMs: number, toMs: number): Markup;
  /** Of a picture as wide as all lanes, whose x is the run's time in ms and whose y goes to 100. */
  viewBox: string;
  /** The run's time at the left edge, in ms. */
  fromMs: number;
  /** Moments of the run, and how they are called. */
  ticks: readonly { at: number; text: string }[];
  /** What the left edge is called, in ms: the run's time less the moment that is called 0. */
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

/** What stays visible of the shortest span, in percent of the width. */
export const leastWidth = 0.15;

export function axisOf(durationMs: number, view?: AxisView): Axis {
  const own = { fromMs: 0, toMs: Math.max(durationMs, 1), zeroMs: 0, label: 'time since the start' };
  const { fromMs, toMs, zeroMs, label } = view ?? own;
  const lengthMs = toMs - fromMs;
  const share = (ms: number) => (Math.min(Math.max(ms - fromMs, 0), lengthMs) / lengthMs) * 100;
  const rounded = (value: number) => Math.round(value * 1e5) / 1e5;
  return {
    durationMs: Math.max(durationMs, 1),
    lengthMs,
    x: (ms) => `${rounded(share(ms))}%`,
    span(from, to) {
      const width = rounded(share(to) - share(from));
      const own = width < leastWidth ? html` data-w="${width}"` : null;
      return html`x="${rounded(share(from))}%" width="${Math.max(width, leastWidth)}%"${own}`;
    },
    viewBox: `${fromMs} 0 ${lengthMs} 100`,
    fromMs,
    ticks: ticksOf(fromMs - zeroMs, toMs - zeroMs).map(({ at, text }) => ({ at: at + zeroMs, text })),
    leftMs: fromMs - zeroMs,
    label,
  };
}

/** The line of times above and below the lanes. */
export function axisRow(axis: Axis): Markup {
  const labels = axis.ticks.map(({ at, text }, i) => {
    const share = Number.parseFloat(axis.x(at));
    return html`<text x="${axis.x(at)}" y="13" text-anchor="${anchorAt(share)}" class="tick${i % 2 ? ' odd' : ''}">${text}</text>`;
  });
  return html`<div class="lane axis"><div class="lane-label">${axis.label}</div>
<svg class="plot" height="18" aria-hidden="true">${labels}</svg></div>`;
}
