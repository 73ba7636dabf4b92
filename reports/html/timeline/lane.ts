import type { FaultWindow } from '../../../lab/history/observations.ts';
import { html, type Markup } from '../markup.ts';
import type { Axis } from './axis.ts';

/** What every lane of one timeline shares. */
export interface Frame {
  axis: Axis;
  faults: readonly FaultWindow[];
}

export interface Lane {
  label: string;
  /** A second line of the label: what is drawn, with its unit. */
  note?: string;
  /** What the picture shows, for those who cannot see it. */
  describe: string;
  heightPx: number;
  content: readonly Markup[];
}

/** One row of the timeline: a label and a picture, over the grid lines and the shaded fault windows. */
export function lane(frame: Frame, { label, note, describe, heightPx, content }: Lane): Markup {
  return html`<div class="lane"><div class="lane-label">${label}${note ? html`<small>${note}</small>` : null}</div>
<svg class="plot" height="${heightPx}" role="img" aria-label="${describe}">${backdrop(frame)}${content}</svg></div>`;
}

function backdrop({ axis, faults }: Frame): Markup[] {
  const shades = faults.map((fault) => {
    const to = fault.healedAt ?? axis.durationMs;
    return html`<rect class="fault-shade" x="${axis.x(fault.injectedAt)}" width="${axis.width(fault.injectedAt, to)}" height="100%"/>`;
  });
  const lines = axis.ticks.map(
    (at) => html`<line class="grid" x1="${axis.x(at)}" x2="${axis.x(at)}" y1="0" y2="100%"/>`,
  );
  return [...shades, ...lines];
}

export interface Bar {
  from: number;
  to: number;
  className: string;
  y: number;
  heightPx: number;
  /** Written into the bar as far as it fits. */
  text: string;
  title: string;
}

/** What a wide screen's picture measures, to decide whether a text has any chance to fit. */
const widePx = 960;

/** A bar over a span of time; its text is cut off where the bar ends, and left out where it never fits. */
export function bar(axis: Axis, { from, to, className, y, heightPx, text, title }: Bar): Markup {
  return html`<svg x="${axis.x(from)}" width="${axis.width(from, to)}" y="${y}" height="${heightPx}">
<rect class="${className}" width="100%" height="100%"/>${
    text === '' || text.length * 7 > ((to - from) / axis.durationMs) * widePx
      ? null
      : html`<text class="in-bar ${className}-text" x="5" y="${heightPx - 6}">${text}</text>`
  }<title>${title}</title></svg>`;
}
