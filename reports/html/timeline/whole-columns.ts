import type { Series } from '../../../lab/history/series.ts';
import { type Column, columnsOf } from './buckets.ts';
import { detailColumns } from './detail-columns.ts';
import type { Frame } from './lane.ts';

const columnLimit = 400;

/** A group's columns over the whole run: from the detail, where the document has it. */
export function wholeColumns({ axis }: Frame, series: Series, index: number): Column[] {
  const { detail, bucketMs, groups } = series;
  const { durationMs } = axis;
  const group = groups[index];
  const own = detail?.groups[index];
  if (detail !== undefined && own !== undefined)
    return detailColumns(own, detail, durationMs, { fromMs: 0, toMs: durationMs });
  return group === undefined ? [] : columnsOf(group, bucketMs, columnLimit);
}
