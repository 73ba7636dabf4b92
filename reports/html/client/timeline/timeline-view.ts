import { leastWidth } from '../../timeline/axis.ts';
import { neededPx } from '../../timeline/needed-px.ts';
import { anchorAt, ticksOf } from '../../timeline/ticks.ts';
import type { TimeWindow } from './shared-window.ts';

/** One timeline of the page, as something whose shown part can change. */
export interface TimelineView {
  element: HTMLElement;
  /** What it shows from edge to edge without any zoom. */
  whole: TimeWindow;
  /** The time of this run at the axis's 0, in ms: other than 0 only where runs are compared. */
  zeroMs: number;
  /** Where its pictures are on the screen. */
  plotBox(): DOMRect;
  show(window: TimeWindow): void;
}

/** A text in a bar: shown where the visible part of its bar has room for it. */
interface BarText {
  text: SVGTextElement;
  /** Shares of the whole width. */
  from: number;
  to: number;
  /** The longest first. */
  wordings: readonly string[];
  /** What stands there without a zoom; where it fits then, the style sheet says. */
  initially: string;
}

export function timelineView(element: HTMLElement): TimelineView {
  const [leftMs, lengthMs] = [Number(element.dataset.left), Number(element.dataset.length)];
  const zeroMs = Number(element.dataset.zero);
  const plot = element.querySelector('.axis .plot') ?? element;
  const scaled = all(element, 'svg.scaled');
  const charts = all(element, 'svg.chart');
  const grids = all(element, 'path.grid');
  const axes = all(element, '.axis .plot');
  const short = all(element, '[data-w]').map((each) => ({ each, own: Number(each.getAttribute('data-w')) }));
  const texts = [...element.querySelectorAll<SVGTextElement>('.scaled .in-bar')].map(barText);

  const showTexts = ({ fromMs, toMs }: TimeWindow, widthPx: number) => {
    const px = (share: number) => ((leftMs + share * lengthMs - fromMs) / (toMs - fromMs)) * widthPx;
    for (const { text, from, to, wordings } of texts) {
      const [left, right] = [px(from), px(to)];
      const visiblePx = Math.min(right, widthPx) - Math.max(left, 0);
      const wording = wordings.find((each) => neededPx(each) <= visiblePx);
      text.style.display = wording === undefined ? 'none' : 'inline';
      if (wording === undefined) continue;
      if (text.textContent !== wording) text.textContent = wording;
      text.setAttribute('x', String(Math.round(Math.max(0, -left)) + 5));
    }
  };
  const showAsWithout = () => {
    for (const { text, initially } of texts) {
      text.style.display = '';
      text.textContent = initially;
      text.setAttribute('x', '5');
    }
  };

  return {
    element,
    zeroMs,
    whole: { fromMs: leftMs, toMs: leftMs + lengthMs },
    plotBox: () => plot.getBoundingClientRect(),
    show(window) {
      const { fromMs, toMs } = window;
      const zoom = lengthMs / (toMs - fromMs);
      // The only question to the page's layout comes before all changes.
      const { width } = plot.getBoundingClientRect();
      const isWhole = zoom < 1.0001;
      element.classList.toggle('zoomed', !isWhole);
      const x = `${(-100 * (fromMs - leftMs) * zoom) / lengthMs}%`;
      for (const each of scaled) {
        each.setAttribute('x', x);
        each.setAttribute('width', `${100 * zoom}%`);
      }
      for (const { each, own } of short)
        each.setAttribute('width', `${Math.max(own, Math.min(leastWidth, leastWidth / zoom))}%`);
      const viewBox = `${fromMs + zeroMs} 0 ${toMs - fromMs} 100`;
      for (const each of charts) each.setAttribute('viewBox', viewBox);
      showTicks(window, grids, axes);
      if (isWhole) showAsWithout();
      else showTexts(window, width);
    },
  };
}

function all(element: HTMLElement, selector: string): Element[] {
  return [...element.querySelectorAll(selector)];
}

function barText(text: SVGTextElement): BarText {
  const bar = text.parentElement;
  const share = (name: string) => Number.parseFloat(bar?.getAttribute(name) ?? '0') / 100;
  const initially = text.textContent ?? '';
  const { text: long = initially, short } = text.dataset;
  const wordings = short === undefined ? [long] : [long, short];
  return { text, from: share('x'), to: share('x') + share('width'), wordings, initially };
}

function showTicks({ fromMs, toMs }: TimeWindow, grids: readonly Element[], axes: readonly Element[]): void {
  const ticks = ticksOf(fromMs, toMs).map(({ at, text }) => ({
    percent: ((at - fromMs) / (toMs - fromMs)) * 100,
    text,
  }));
  const lines = ticks.map(({ percent }) => `M${percent} 0V100`).join('');
  for (const grid of grids) grid.setAttribute('d', lines);
  for (const axis of axes) {
    axis.replaceChildren(
      ...ticks.map(({ percent, text }, i) => {
        const label = document.createElementNS('http://www.w3.org/2000/svg', 'text');
        label.setAttribute('x', `${percent}%`);
        label.setAttribute('y', '13');
        label.setAttribute('text-anchor', anchorAt(percent));
        label.setAttribute('class', i % 2 === 1 ? 'tick odd' : 'tick');
        label.textContent = text;
        return label;
      }),
    );
  }
}
