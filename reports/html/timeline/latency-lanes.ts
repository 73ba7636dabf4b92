import type { Series } from '../../../lab/history/series.ts';
import type { Markup } from '../markup.ts';
import { drawLatency, latencyHeightPx } from './draw-latency.ts';
import { drawn } from './drawing.ts';
import { type Frame, lane } from './lane.ts';
import { groupLimit } from './throughput-lanes.ts';
import { wholeColumns } from './whole-columns.ts';

/** A lane per group: how many operations took how long, with median, 99th percentile and the slowest. */
export function latencyLanes(frame: Frame, series: Series): Markup[] {
  return series.groups.slice(0, groupLimit).flatMap(({ group }, i) => {
    const drawing = drawLatency(wholeColumns(frame, series, i), series.detail?.latencyBoundsMs ?? []);
    if (drawing === null) return [];
    return lane(frame, {
      label: group,
      note: drawing.note,
      describe: `${group}: ${drawing.note}; the table below has the numbers`,
      heightPx: latencyHeightPx,
      charts: [drawn(frame.axis, drawing, series.detail && `latency ${i}`)],
    });
  });
}
