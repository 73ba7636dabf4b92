import type { Column } from './buckets.ts';
import { burstScale, scaleText } from './burst-scale.ts';
import type { Drawing } from './drawing.ts';
import { stepArea, stepLine } from './path.ts';

/** Operations per second by outcome. */
export function drawThroughput(columns: readonly Column[]): Drawing & { peak: number } {
  const { top, peak } = burstScale(
    columns.map((c) => Math.max(c.okPerSecond, c.failPerSecond, c.infoPerSecond)),
  );
  const height = (perSecond: number) => 100 - (Math.min(perSecond, top) / top) * 96;
  const errors = (perSecond: number) => (perSecond === 0 ? null : height(perSecond));
  return {
    paths: [
      { className: 'ok', d: stepArea(columns, (c) => height(c.okPerSecond)) },
      { className: 'info', d: stepLine(columns, (c) => errors(c.infoPerSecond)) },
      { className: 'fail', d: stepLine(columns, (c) => errors(c.failPerSecond)) },
    ],
    note: `operations per second, ${scaleText(top, peak)}`,
    peak,
  };
}
