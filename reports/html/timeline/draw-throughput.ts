import { number } from '../units.ts';
import type { Column } from './buckets.ts';
import type { Drawing } from './drawing.ts';
import { stepArea, stepLine } from './path.ts';

/** Operations per second by outcome. */
export function drawThroughput(columns: readonly Column[]): Drawing & { peak: number } {
  const { top, peak } = scaleOf(columns);
  const height = (perSecond: number) => 100 - (Math.min(perSecond, top) / top) * 96;
  const errors = (perSecond: number) => (perSecond === 0 ? null : height(perSecond));
  const scale =
    peak > top
      ? `top ${number(Math.ceil(top))}/s, cut off above it: peak ${number(Math.ceil(peak))}/s`
      : `top ${number(Math.ceil(top))}/s`;
  return {
    paths: [
      { className: 'ok', d: stepArea(columns, (c) => height(c.okPerSecond)) },
      { className: 'info', d: stepLine(columns, (c) => errors(c.infoPerSecond)) },
      { className: 'fail', d: stepLine(columns, (c) => errors(c.failPerSecond)) },
    ],
    note: `operations per second, ${scale}`,
    peak,
  };
}

/** The highest value; or, where a burst (clients that catch up after a pause) would flatten all else, twice what is usual. */
function scaleOf(columns: readonly Column[]): { top: number; peak: number } {
  const highest = columns.map((c) => Math.max(c.okPerSecond, c.failPerSecond, c.infoPerSecond));
  const busy = highest.filter((perSecond) => perSecond > 0).sort((a, b) => a - b);
  const usual = busy[Math.floor(busy.length * 0.9)] ?? 1;
  const peak = Math.max(1, ...highest);
  return { top: peak > usual * 5 ? usual * 2 : peak, peak };
}
