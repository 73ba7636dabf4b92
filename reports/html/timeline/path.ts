import type { Column } from './buckets.ts';

/** A column's height on a scale of 0 (top) to 100 (ground); null where there is nothing to draw. */
export type Height = (column: Column) => number | null;

/** Steps from column to column, filled down to the ground. */
export function stepArea(columns: readonly Column[], height: Height): string {
  if (columns.length === 0) return '';
  const steps = columns.map((c) => `${c.fromMs} ${rounded(height(c) ?? 100)}H${c.toMs}`);
  return `M${columns[0]?.fromMs ?? 0} 100V${steps.join('L').replace(/^\S+ /, '')}V100Z`;
}

/** Steps from column to column, interrupted where there is nothing: an outage is a hole, not a slope. */
export function stepLine(columns: readonly Column[], height: Height): string {
  let open = false;
  const steps = columns.map((c) => {
    const y = height(c);
    const start = open ? 'L' : 'M';
    open = y !== null;
    return y === null ? '' : `${start}${c.fromMs} ${rounded(y)}H${c.toMs}`;
  });
  return steps.join('');
}

function rounded(y: number): number {
  return Math.round(y * 10) / 10;
}
