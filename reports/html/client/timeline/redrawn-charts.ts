import type { SeriesDetail } from '../../../../lab/history/series-detail.ts';
import { detailColumns, type Span } from '../../timeline/detail-columns.ts';
import { drawErrors } from '../../timeline/draw-errors.ts';
import { drawLatency } from '../../timeline/draw-latency.ts';
import { drawThroughput } from '../../timeline/draw-throughput.ts';
import type { Drawing } from '../../timeline/drawing.ts';
import { type PackedDetail, unpackDetail } from '../../timeline/packed-detail.ts';

/** Draws a chart anew for a part of the run; null: as the server drew the whole. */
export type Redraw = (span: Span | null) => void;

/** How a chart of a timeline is drawn anew in finer columns, from what the page holds; null for one that is stretched. */
export function redrawnCharts(timeline: HTMLElement): (chart: Element) => Redraw | null {
  const text = timeline.querySelector('.timeline-detail')?.textContent;
  if (!text) return () => null;
  let data: Data | undefined;
  const read = () => {
    data ??= dataOf(JSON.parse(text));
    return data;
  };
  // Before somebody zooms, but not before the page is there. Not every browser says when it is idle.
  (globalThis.requestIdleCallback ?? setTimeout)(read);
  return (chart) => redrawOf(chart, read);
}

interface Data {
  durationMs: number;
  detail: SeriesDetail;
}

function dataOf({ durationMs, detail }: { durationMs: number; detail: PackedDetail }): Data {
  return { durationMs, detail: unpackDetail(detail) };
}

function redrawOf(chart: Element, read: () => Data): Redraw | null {
  const [kind, index] = (chart.getAttribute('data-redrawn') ?? '').split(' ');
  if (kind === '') return null;
  const paths = [...chart.querySelectorAll('path')];
  const note = chart.closest('.lane')?.querySelector('small') ?? null;
  const whole = {
    note: note?.textContent ?? '',
    paths: paths.map((path) => ({ d: path.getAttribute('d') ?? '' })),
  };
  let isWhole = true;
  return (span) => {
    if (span === null && isWhole) return;
    isWhole = span === null;
    const drawing = span === null ? whole : draw(kind ?? '', Number(index), read(), span);
    paths.forEach((path, i) => {
      path.setAttribute('d', drawing?.paths[i]?.d ?? '');
    });
    if (note && drawing && note.textContent !== drawing.note) note.textContent = drawing.note;
  };
}

function draw(kind: string, index: number, { detail, durationMs }: Data, span: Span): Drawing | null {
  if (kind === 'errors') return drawErrors(detail, durationMs, span);
  const group = detail.groups[index];
  if (group === undefined) return null;
  const columns = detailColumns(group, detail, durationMs, span);
  return kind === 'latency' ? drawLatency(columns, detail.latencyBoundsMs) : drawThroughput(columns);
}
