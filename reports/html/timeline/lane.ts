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

/** A line of text among the lanes: what is not drawn. */
export function laneNote(text: string): Markup {
  return html`<div class="lane"><div class="lane-label"></div><p class="quiet note">${text}</p></div>`;
}

function backdrop({ axis, faults }: Frame): Markup[] {
  const shades = faults.map((fault) => {
    const to = fault.healedAt ?? axis.durationMs;
    return html`<rect class="fault-shade" x="${axis.x(fault.injectedAt)}" width="${axis.width(fault.injectedAt, to)}" height="100%"/>`;
  });
  const lines = axis.ticks.map(
    ({ at }) => html`<line class="grid" x1="${axis.x(at)}" x2="${axis.x(at)}" y1="0" y2="100%"/>`,
  );
  return [...shades, ...lines];
}

export interface Bar {
  from: number;
  to: number;
  className: string;
  y: number;
  heightPx: number;
  /** Written into the bar if it fits; else `short`, if that does. */
  text: string;
  short?: string;
  title: string;
}

/** Widths of a picture in px from which on a text may be shown; a narrower one hides it (style.css.ts). */
const fittingPx = [340, 560, 760, 960];

/** A bar over a span of time; its text is left out where the bar is too short for it. */
export function bar(axis: Axis, { from, to, className, y, heightPx, text, short, title }: Bar): Markup {
  const fitOf = (words: string) => {
    const neededPx = ((words.length * 7 + 10) * axis.lengthMs) / Math.max(to - from, 0.001);
    return fittingPx.find((px) => px >= neededPx);
  };
  const shown = short !== undefined && fitOf(text) === undefined ? short : text;
  const fits = fitOf(shown);
  return html`<svg x="${axis.x(from)}" width="${axis.width(from, to)}" y="${y}" height="${heightPx}">
<rect class="${className}" width="100%" height="100%"/>${
    shown === '' || fits === undefined
      ? null
      : html`<text class="in-bar ${className}-text fits-${fits}" x="5" y="${heightPx - (heightPx < 18 ? 4 : 6)}">${shown}</text>`
  }<title>${title}</title></svg>`;
}
