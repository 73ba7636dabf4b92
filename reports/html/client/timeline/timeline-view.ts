import { anchorAt, type Tick, ticksOf } from '../../timeline/ticks.ts';
import { laneView, type Shown } from './lane-view.ts';
import { redrawnCharts } from './redrawn-charts.ts';
import type { TimeWindow } from './shared-window.ts';

/** One timeline of the page, as something whose shown part can change. */
export interface TimelineView {
  element: HTMLElement;
  /** What it shows from edge to edge without any zoom. */
  whole: TimeWindow;
  /** Where its pictures are on the screen. */
  plotBox(): DOMRect;
  /** At once in the lanes that can be seen; in the others once it has come to rest. */
  show(window: TimeWindow): void;
  /** The whole, in all lanes, with texts where the style sheet says that they fit. */
  asOnPaper(): void;
}

/** Lanes so close to the screen are shown at once, in px. */
const nearPx = 100;
/** So long nothing changes before the lanes that cannot be seen follow, in slices that let everything else through. */
const restMs = 120;
const sliceMs = 8;

export function timelineView(element: HTMLElement): TimelineView {
  const [leftMs, lengthMs] = [Number(element.dataset.left), Number(element.dataset.length)];
  // The run's time at the axis's 0: other than 0 only where runs are compared.
  const zeroMs = Number(element.dataset.zero);
  const axes = [...element.querySelectorAll('.axis .plot')];
  const plot = axes[0] ?? element;
  const redrawOf = redrawnCharts(element);
  const lanes = new Map(
    [...element.querySelectorAll('.lane:not(.axis, .overview) > .plot')].map((each) => [
      each,
      laneView(each, redrawOf),
    ]),
  );
  const near = new Set<Element>();
  const outdated = new Set<Element>();
  let shown: Shown | undefined;
  const update = (lane: Element) => {
    if (shown !== undefined && outdated.delete(lane)) lanes.get(lane)?.show(shown);
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const updateRest = () => {
    const until = performance.now() + sliceMs;
    for (const lane of outdated) {
      if (performance.now() > until) break;
      update(lane);
    }
    if (outdated.size > 0) timer = setTimeout(updateRest, 0);
  };
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) near.add(target);
        else near.delete(target);
        if (isIntersecting) update(target);
      }
    },
    { rootMargin: `${nearPx}px` },
  );
  for (const lane of lanes.keys()) observer.observe(lane);

  const whole = { fromMs: leftMs, toMs: leftMs + lengthMs };
  const view: TimelineView = {
    element,
    whole,
    plotBox: () => plot.getBoundingClientRect(),
    show({ fromMs, toMs }) {
      // The only question to the page's layout comes before all changes.
      const { width: widthPx } = plot.getBoundingClientRect();
      const zoom = lengthMs / (toMs - fromMs);
      const isWhole = zoom < 1.0001;
      const ticks = ticksOf(fromMs, toMs).map(({ at, text }) => ({
        at: ((at - fromMs) / (toMs - fromMs)) * 100,
        text,
      }));
      shown = {
        fromMs: fromMs + zeroMs,
        toMs: toMs + zeroMs,
        zoom: isWhole ? 1 : zoom,
        offset: isWhole ? 0 : ((fromMs - leftMs) * zoom) / lengthMs,
        widthPx,
        gridLines: ticks.map(({ at }) => `M${at} 0V100`).join(''),
      };
      element.classList.toggle('zoomed', !isWhole);
      for (const axis of axes) axis.replaceChildren(...ticks.map(label));
      for (const lane of lanes.keys()) outdated.add(lane);
      near.forEach(update);
      clearTimeout(timer);
      timer = setTimeout(updateRest, restMs);
    },
    asOnPaper() {
      view.show(whole);
      outdated.forEach(update);
      for (const lane of lanes.values()) lane.asOnPaper();
    },
  };
  return view;
}

/** `at` in percent of the width. */
function label({ at, text }: Tick, i: number): SVGTextElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', 'text');
  element.setAttribute('x', `${at}%`);
  element.setAttribute('y', '13');
  element.setAttribute('text-anchor', anchorAt(at));
  element.setAttribute('class', i % 2 === 1 ? 'tick odd' : 'tick');
  element.textContent = text;
  return element;
}
