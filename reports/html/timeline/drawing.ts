import { html, type Markup } from '../markup.ts';
import type { Axis } from './axis.ts';
import { chart } from './lane.ts';

/** What a chart shows of some part of a run: the server draws the whole of it, the page's script what is zoomed into. */
export interface Drawing {
  paths: readonly { className: string; d: string }[];
  /** The lane's second line, with the scale. */
  note: string;
}

/** A drawing as a lane's picture. `redrawnAs`: by which name the script draws it anew; without one it is stretched. */
export function drawn(axis: Axis, { paths }: Drawing, redrawnAs?: string): Markup {
  return chart(
    axis,
    html`${paths.map(({ className, d }) => html`<path class="${className}" d="${d}"/>`)}`,
    redrawnAs,
  );
}
