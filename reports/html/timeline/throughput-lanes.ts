import type { LoadSummary } from '../../../lab/history/observations.ts';
import type { GroupSeries, Series } from '../../../lab/history/series.ts';
import { html, type Markup } from '../markup.ts';
import { details, table } from '../table.ts';
import { number, seconds } from '../units.ts';
import { columnsOf } from './buckets.ts';
import { drawThroughput } from './draw-throughput.ts';
import { drawn } from './drawing.ts';
import { type Frame, lane } from './lane.ts';
import { wholeColumns } from './whole-columns.ts';

const rowLimit = 150;
/** More groups than these are only in the tables. */
export const groupLimit = 8;
const heightPx = 64;

/** A lane per group of clients: operations per second by outcome; of users that k6 plays, their requests. */
export function throughputLanes(frame: Frame, series: Series, loads: readonly LoadSummary[] = []): Markup[] {
  return series.groups.slice(0, groupLimit).flatMap((group, i) => {
    if (![group.ok, group.fail, group.info].some((counts) => counts.some((n) => n > 0))) return [];
    const drawing = drawThroughput(wholeColumns(frame, series, i));
    const peak = number(Math.ceil(drawing.peak));
    return lane(frame, {
      label: loads.some(({ load }) => load === group.group) ? `${group.group} (users, by k6)` : group.group,
      note: drawing.note,
      describe: `${group.group}: up to ${peak} operations per second; the table below has the numbers`,
      heightPx,
      charts: [drawn(frame.axis, drawing, series.detail && `throughput ${i}`)],
    });
  });
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
