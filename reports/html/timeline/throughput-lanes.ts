import type { GroupSeries, Series } from '../../../lab/history/series.ts';
import { html, type Markup } from '../markup.ts';
import { details, table } from '../table.ts';
import { number, seconds } from '../units.ts';
import { type Column, columnsOf } from './buckets.ts';
import { chart, type Frame, lane } from './lane.ts';
import { stepArea, stepLine } from './path.ts';

const columnLimit = 400;
const rowLimit = 150;
/** More groups than these are only in the tables. */
export const groupLimit = 8;
const heightPx = 64;

/** A lane per group of clients: operations per second by outcome. */
export function throughputLanes(frame: Frame, series: Series): Markup[] {
  return series.groups.slice(0, groupLimit).map((group) => {
    const columns = columnsOf(group, series.bucketMs, columnLimit);
    const { top, peak } = scaleOf(columns);
    const height = (perSecond: number) => 100 - (Math.min(perSecond, top) / top) * 96;
    const scale =
      peak > top
        ? `top ${number(Math.ceil(top))}/s, cut off above it: peak ${number(Math.ceil(peak))}/s`
        : `top ${number(Math.ceil(top))}/s`;
    const errors = (perSecond: number) => (perSecond === 0 ? null : height(perSecond));
    return lane(frame, {
      label: group.group,
      note: `operations per second, ${scale}`,
      describe: `${group.group}: up to ${number(Math.ceil(peak))} operations per second; the table below has the numbers`,
      heightPx,
      charts: [
        chart(
          frame.axis,
          html`<path class="ok" d="${stepArea(columns, (c) => height(c.okPerSecond))}"/><path class="info" d="${stepLine(columns, (c) => errors(c.infoPerSecond))}"/><path class="fail" d="${stepLine(columns, (c) => errors(c.failPerSecond))}"/>`,
        ),
      ],
    });
  });
}

/** The highest value; or, where a burst (clients that catch up after a pause) would flatten all else, twice what is usual. */
function scaleOf(columns: readonly Column[]): { top: number; peak: number } {
  const highest = columns.map((c) => Math.max(c.okPerSecond, c.failPerSecond, c.infoPerSecond));
  const busy = highest.filter((perSecond) => perSecond > 0).sort((a, b) => a - b);
  const usual = busy[Math.floor(busy.length * 0.9)] ?? 1;
  const peak = Math.max(1, ...highest);
  return { top: peak > usual * 5 ? usual * 2 : peak, peak };
}

export function throughputTables(series: Series): Markup {
  return html`${series.groups.map((group) => groupTable(group, series.bucketMs))}`;
}

function groupTable(group: GroupSeries, bucketMs: number): Markup {
  const ms = (value: number | null) => (value === null ? '–' : `${number(value)}\u202fms`);
  const perSecond = (value: number) => `${number(Math.round(value * 10) / 10)}/s`;
  const rows = columnsOf(group, bucketMs, rowLimit).map((c) => [
    `${seconds(c.fromMs)} – ${seconds(c.toMs)}`,
    perSecond(c.okPerSecond),
    perSecond(c.failPerSecond),
    perSecond(c.infoPerSecond),
    ms(c.p50),
    ms(c.p99),
    ms(c.max),
  ]);
  const head = ['time', 'ok', 'failed', 'outcome unknown', 'median latency', '99 % below', 'slowest'];
  return details(`Throughput and latency of “${group.group}” as a table`, table(head, rows));
}
