import { html, type Markup } from '../markup.ts';
import { number } from '../units.ts';

/** The time axis that all lanes of a run share: their pictures have the same width, and x is a share of it. */
export interface Axis {
  durationMs: number;
  /** A moment as a percentage of the width, for an SVG attribute. */
  x(ms: number): string;
  /** A span as a percentage of the width; a short one keeps a visible minimum. */
  width(fromMs: number, toMs: number): string;
  ticks: readonly number[];
}

const steps = [1, 2, 5];

export function axisOf(durationMs: number): Axis {
  const length = Math.max(durationMs, 1);
  const share = (ms: number) => (Math.min(Math.max(ms, 0), length) / length) * 100;
  const percent = (value: number) => `${Math.round(value * 1000) / 1000}%`;
  return {
    durationMs: length,
    x: (ms) => percent(share(ms)),
    width: (from, to) => percent(Math.max(share(to) - share(from), 0.15)),
    ticks: ticksOf(length),
  };
}

/** Round times, at most eight of them. */
function ticksOf(durationMs: number): number[] {
  for (let decade = 1; ; decade *= 10) {
    for (const step of steps) {
      const every = step * decade;
      if (durationMs / every <= 7)
        return Array.from({ length: Math.floor(durationMs / every) + 1 }, (_, i) => i * every);
    }
  }
}

/** The line of times above and below the lanes. */
export function axisRow(axis: Axis): Markup {
  const labels = axis.ticks.map((at, i) => {
    const anchor = i === 0 ? 'start' : at > axis.durationMs * 0.94 ? 'end' : 'middle';
    return html`<text x="${axis.x(at)}" y="13" text-anchor="${anchor}" class="tick${i % 2 ? ' odd' : ''}">${tickText(axis, at)}</text>`;
  });
  return html`<div class="lane axis"><div class="lane-label">time since the start</div>
<svg class="plot" height="18" aria-hidden="true">${labels}</svg></div>`;
}

/** All labels of an axis with the same number of digits. */
function tickText({ ticks }: Axis, at: number): string {
  const every = ticks[1] ?? 1000;
  const digits = every >= 100 ? 1 : every >= 10 ? 2 : 3;
  const rest = (at / 1000).toFixed(digits).split('.')[1] ?? '';
  return `${number(Math.floor(at / 1000))}.${rest}\u202fs`;
}
