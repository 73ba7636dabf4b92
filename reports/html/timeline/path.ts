/** A part of the time axis that is drawn as one step. */
export interface Step {
  fromMs: number;
  toMs: number;
}

/** Its height on a scale of 0 (top) to 100 (ground); null where there is nothing to draw. */
export type Height<S extends Step> = (step: S) => number | null;

/** Steps from column to column, filled down to the ground. */
export function stepArea<S extends Step>(columns: readonly S[], height: Height<S>): string {
  if (columns.length === 0) return '';
  const steps = columns.map((c) => `${c.fromMs} ${rounded(height(c) ?? 100)}H${c.toMs}`);
  return `M${columns[0]?.fromMs ?? 0} 100V${steps.join('L').replace(/^\S+ /, '')}V100Z`;
}

/** Steps from column to column, interrupted where there is nothing: an outage is a hole, not a slope. */
export function stepLine<S extends Step>(columns: readonly S[], height: Height<S>): string {
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
