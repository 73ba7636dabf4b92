import { leastWidth } from '../../timeline/axis.ts';
import { neededPx } from '../../timeline/needed-px.ts';
import type { Redraw } from './redrawn-charts.ts';

/** What all lanes of a timeline show, worked out once for all of them. */
export interface Shown {
  /** The shown part, in the run's own time. */
  fromMs: number;
  toMs: number;
  /** How many times wider than the whole the lanes are. */
  zoom: number;
  /** Where the whole begins, in widths of a lane. */
  offset: number;
  widthPx: number;
  /** The grid, as a path. */
  gridLines: string;
}

/** A text in a bar: shown where the visible part of its bar has room for it. */
interface BarText {
  text: SVGTextElement;
  /** Shares of the whole width. */
  from: number;
  to: number;
  /** The longest first. */
  wordings: readonly string[];
  /** What stands there without a script. */
  initially: string;
}

/** One lane's picture. */
export interface LaneView {
  /** Shows a part of the time in it. */
  show(shown: Shown): void;
  /** Texts as the style sheet shows them, which knows paper's width. */
  asOnPaper(): void;
}

export function laneView(plot: Element, redrawOf: (chart: Element) => Redraw | null): LaneView {
  const scaled = [...plot.querySelectorAll('svg.scaled')];
  const charts = [...plot.querySelectorAll('svg.chart')].map((svg) => ({ svg, redraw: redrawOf(svg) }));
  const grid = plot.querySelector('path.grid');
  const short = [...plot.querySelectorAll('[data-w]')].map((each) => ({
    each,
    own: Number(each.getAttribute('data-w')),
  }));
  const texts = [...plot.querySelectorAll<SVGTextElement>('.in-bar')].map(barText);
  return {
    show(shown) {
      const { fromMs, toMs, zoom, offset } = shown;
      grid?.setAttribute('d', shown.gridLines);
      for (const each of scaled) {
        each.setAttribute('x', `${-100 * offset}%`);
        each.setAttribute('width', `${100 * zoom}%`);
      }
      for (const { each, own } of short) each.setAttribute('width', `${Math.max(own, leastWidth / zoom)}%`);
      for (const { svg, redraw } of charts) {
        svg.setAttribute('viewBox', `${fromMs} 0 ${toMs - fromMs} 100`);
        redraw?.(zoom <= 1 ? null : { fromMs, toMs });
      }
      for (const each of texts) place(each, shown);
    },
    asOnPaper() {
      for (const { text, initially } of texts) {
        text.style.display = '';
        text.textContent = initially;
        text.setAttribute('x', '5');
      }
    },
  };
}

function place({ text, from, to, wordings }: BarText, { zoom, offset, widthPx }: Shown): void {
  const [left, right] = [(from * zoom - offset) * widthPx, (to * zoom - offset) * widthPx];
  const visiblePx = Math.min(right, widthPx) - Math.max(left, 0);
  const wording = wordings.find((each) => neededPx(each) <= visiblePx);
  text.style.display = wording === undefined ? 'none' : 'inline';
  if (wording === undefined) return;
  if (text.textContent !== wording) text.textContent = wording;
  text.setAttribute('x', String(Math.round(Math.max(0, -left)) + 5));
}

function barText(text: SVGTextElement): BarText {
  const bar = text.parentElement;
  const share = (name: string) => Number.parseFloat(bar?.getAttribute(name) ?? '0') / 100;
  const initially = text.textContent ?? '';
  const { text: long = initially, short } = text.dataset;
  const wordings = short === undefined ? [long] : [long, short];
  return { text, from: share('x'), to: share('x') + share('width'), wordings, initially };
}
