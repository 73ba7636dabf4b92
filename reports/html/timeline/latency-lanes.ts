import type { Series } from '../../../lab/history/series.ts';
import { html, type Markup } from '../markup.ts';
import { number } from '../units.ts';
import { type Column, columnsOf } from './buckets.ts';
import { chart, type Frame, lane } from './lane.ts';
import { stepLine } from './path.ts';
import { groupLimit } from './throughput-lanes.ts';

/** A lane per group: median, 99th percentile and slowest operation, on a logarithmic scale. */
export function latencyLanes(frame: Frame, series: Series): Markup[] {
  return series.groups.slice(0, groupLimit).flatMap((group) => {
    const columns = columnsOf(group, series.bucketMs, 400);
    const known = columns.flatMap((c) => [c.p50, c.max]).filter((value) => value !== null && value > 0);
    if (known.length === 0) return [];
    const [low, high] = decades(known as number[]);
    const y = (ms: number) => 98 - (Math.log10(Math.max(ms, low) / low) / Math.log10(high / low)) * 94;
    const line = (pick: (c: Column) => number | null) =>
      stepLine(columns, (c) => {
        const ms = pick(c);
        return ms === null ? null : y(ms);
      });
    const scale = `${number(low)}–${number(high)}\u202fms`;
    return lane(frame, {
      label: group.group,
      note: `latency, ${scale}, logarithmic`,
      describe: `${group.group}: latency between ${scale}; the table below has the numbers`,
      heightPx: 52,
      charts: [
        chart(
          frame.axis,
          html`<path class="slowest" d="${line((c) => c.max)}"/><path class="p99" d="${line((c) => c.p99)}"/><path class="p50" d="${line((c) => c.p50)}"/>`,
        ),
      ],
    });
  });
}

/** The powers of ten around all values. */
function decades(values: readonly number[]): [number, number] {
  const low = 10 ** Math.floor(Math.log10(Math.min(...values)));
  return [low, Math.max(10 ** Math.ceil(Math.log10(Math.max(...values))), low * 10)];
}
