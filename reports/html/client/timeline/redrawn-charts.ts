import type { SeriesDetail } from '../../../../lab/history/series-detail.ts';
import { detailColumns, type Span } from '../../timeline/detail-columns.ts';
import { drawErrors } from '../../timeline/draw-errors.ts';
import { drawLatency } from '../../timeline/draw-latency.ts';
import { drawThroughput } from '../../timeline/draw-throughput.ts';
import type { Drawing } from '../../timeline/drawing.ts';
import type { TimeWindow } from './shared-window.ts';
import type { TimelineView } from './timeline-view.ts';

/** A chart that is drawn anew in finer columns as one zooms in, and what the server drew of the whole. */
interface Redrawn {
  svg: Element;
  paths: readonly Element[];
  note: Element | null;
  whole: Drawing;
  draw(span: Span): Drawing | null;
}

interface Data {
  durationMs: number;
  detail: SeriesDetail;
}

/** Draws charts anew for what is shown, from the finer buckets that the page holds. */
export function redrawnCharts({ element, zeroMs, whole }: TimelineView): (window: TimeWindow) => void {
  const text = element.querySelector('.timeline-detail')?.textContent;
  if (!text) return () => {};
  const data: Data = JSON.parse(text);
  const charts = [...element.querySelectorAll<SVGElement>('[data-redrawn]')].map((svg) => redrawn(svg, data));
  return ({ fromMs, toMs }) => {
    const isWhole = toMs - fromMs >= (whole.toMs - whole.fromMs) * 0.9999;
    const span = { fromMs: fromMs + zeroMs, toMs: toMs + zeroMs };
    for (const chart of charts) show(chart, isWhole ? chart.whole : chart.draw(span));
  };
}

function redrawn(svg: SVGElement, { detail, durationMs }: Data): Redrawn {
  const [kind, index] = (svg.dataset.redrawn ?? '').split(' ');
  const group = detail.groups[Number(index)];
  const columns = (span: Span) => (group ? detailColumns(group, detail, durationMs, span) : []);
  const draw = {
    throughput: (span: Span) => drawThroughput(columns(span)),
    latency: (span: Span) => drawLatency(columns(span), detail.latencyBoundsMs),
    errors: (span: Span) => drawErrors(detail, durationMs, span),
  }[kind as 'throughput' | 'latency' | 'errors'];
  const paths = [...svg.querySelectorAll('path')];
  const note = svg.closest('.lane')?.querySelector('small') ?? null;
  const whole = {
    note: note?.textContent ?? '',
    paths: paths.map((path) => ({ className: '', d: path.getAttribute('d') ?? '' })),
  };
  return { svg, paths, note, whole, draw };
}

function show({ paths, note }: Redrawn, drawing: Drawing | null): void {
  paths.forEach((path, i) => {
    path.setAttribute('d', drawing?.paths[i]?.d ?? '');
  });
  if (note && drawing && note.textContent !== drawing.note) note.textContent = drawing.note;
}
