import type { FaultWindow } from '../../../lab/history/observations.ts';
import { html, type Markup } from '../markup.ts';
import type { Axis } from './axis.ts';
import { neededPx } from './needed-px.ts';

/** What every lane of one timeline shares. */
export interface Frame {
  axis: Axis;
  faults: readonly FaultWindow[];
}

export interface Lane {
  label: string;
  /** A second line of the label: what is drawn, with its unit. */
  note?: string;
  /** What its colours mean, where the legend does not say it. */
  keys?: readonly Key[];
  /** What the picture shows, for those who cannot see it. */
  describe: string;
  heightPx: number;
  /** What stands at percentages of the axis: a zoom moves it apart, and leaves texts and marks as they are. */
  content?: readonly Markup[];
  /** Pictures made by `chart`. */
  charts?: readonly Markup[];
}

/** A line of a lane's label: what a colour stands for, or a figure that belongs to the picture. */
export interface Key {
  className?: string;
  text: string;
}

/** One row of the timeline: a label and a picture, over the grid lines and the shaded fault windows. */
export function lane(
  frame: Frame,
  { label, note, keys = [], describe, heightPx, content = [], charts = [] }: Lane,
): Markup {
  return html`<div class="lane"><div class="lane-label">${label}${note ? html`<small>${note}</small>` : null}${keys.map(keyOf)}</div>
<svg class="plot" height="${heightPx}" role="img" aria-label="${describe}">${grid(frame.axis)}${scaled(shades(frame))}${charts}${content.length > 0 ? scaled(content) : null}</svg></div>`;
}

/**
 * A picture over the whole axis whose x is the run's time in ms and whose y goes from 0 (top) to 100 (ground). A zoom
 * changes which part of it is shown, so its lines keep their strokes by `non-scaling-stroke`.
 */
export function chart(axis: Axis, content: Markup, redrawnAs?: string): Markup {
  const name = redrawnAs === undefined ? null : html` data-redrawn="${redrawnAs}"`;
  return html`<svg class="chart" width="100%" height="100%" viewBox="${axis.viewBox}" preserveAspectRatio="none"${name}>${content}</svg>`;
}

/** A line of text among the lanes: what is not drawn. */
export function laneNote(text: string): Markup {
  return html`<div class="lane"><div class="lane-label"></div><p class="quiet note">${text}</p></div>`;
}

function keyOf({ className, text }: Key): Markup {
  const swatch =
    className === undefined
      ? null
      : html`<svg width="10" height="10" aria-hidden="true"><rect class="${className}" width="10" height="10"/></svg>`;
  return html`<span class="key" title="${text}">${swatch}${text}</span>`;
}

/** A zoom makes it wider than the lane. */
function scaled(content: readonly Markup[]): Markup {
  return html`<svg class="scaled" width="100%" height="100%">${content}</svg>`;
}

function shades({ axis, faults }: Frame): Markup[] {
  return faults.map(
    (fault) =>
      html`<rect class="fault-shade" ${axis.span(fault.injectedAt, fault.healedAt ?? axis.durationMs)} height="100%"/>`,
  );
}

function grid(axis: Axis): Markup {
  const lines = axis.ticks.map(({ at }) => `M${Number.parseFloat(axis.x(at))} 0V100`);
  return html`<svg width="100%" height="100%" viewBox="0 0 100 100" preserveAspectRatio="none"><path class="grid" d="${lines.join('')}"/></svg>`;
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

/** A bar over a span of time; its text is hidden where the bar is too short for it, until somebody zooms in. */
export function bar(axis: Axis, { from, to, className, y, heightPx, text, short, title }: Bar): Markup {
  // A run that ended early was still in a phase: its bar goes on behind the picture's edge.
  const shownMs = Math.min(to, axis.fromMs + axis.lengthMs) - Math.max(from, axis.fromMs);
  const fitOf = (words: string) => {
    const px = (neededPx(words) * axis.lengthMs) / Math.max(shownMs, 0.001);
    return fittingPx.find((each) => each >= px);
  };
  const shown = short !== undefined && fitOf(text) === undefined ? short : text;
  const texts =
    short === undefined || short === text ? null : html` data-text="${text}" data-short="${short}"`;
  return html`<svg class="bar" ${axis.span(from, to)} y="${y}" height="${heightPx}">
<rect class="${className}" width="100%" height="100%"/>${
    text === ''
      ? null
      : html`<text class="in-bar ${className}-text fits-${fitOf(shown) ?? 'zoomed'}" x="5" y="${heightPx - (heightPx < 18 ? 4 : 6)}"${texts}>${shown}</text>`
  }<title>${title}</title></svg>`;
}
