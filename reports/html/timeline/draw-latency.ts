import { number } from '../units.ts';
import type { Column } from './buckets.ts';
import type { Drawing } from './drawing.ts';
import { stepLine } from './path.ts';

/** The heat's shades, from the fewest operations to the most. */
export const heatLevels = 5;
/** Of the lane, in px: rows of the heat are at least `leastRowPx` high. */
export const latencyHeightPx = 72;
const leastRowPx = 3;

/**
 * How many operations took how long, as shades on a logarithmic scale of times (the shades are logarithmic too), with
 * the median, the 99th percentile and the slowest as lines. Null where no operation succeeded.
 */
export function drawLatency(columns: readonly Column[], boundsMs: readonly number[]): Drawing | null {
  const known = columns.flatMap((c) => [c.p50, c.max]).filter((value) => value !== null && value > 0);
  if (known.length === 0) return null;
  const [low, high] = decades(known as number[]);
  const y = (ms: number) => 98 - (Math.log10(Math.max(ms, low) / low) / Math.log10(high / low)) * 94;
  const line = (pick: (c: Column) => number | null) =>
    stepLine(columns, (c) => {
      const ms = pick(c);
      return ms === null ? null : y(ms);
    });
  return {
    paths: [
      ...heat(columns, boundsMs, high / low, y),
      { className: 'slowest', d: line((c) => c.max) },
      { className: 'p99', d: line((c) => c.p99) },
      { className: 'p50', d: line((c) => c.p50) },
    ],
    note: `latency, ${number(low)}–${number(high)}\u202fms, logarithmic`,
  };
}

/** A path for each shade: cells of a class and a column, side by side in one piece where they have the same. */
function heat(
  columns: readonly Column[],
  boundsMs: readonly number[],
  ratio: number,
  y: (ms: number) => number,
): Drawing['paths'] {
  const perDecade = 12;
  const merged =
    [1, 2, 3, 4, 6].find((n) => (n * latencyHeightPx) / (Math.log10(ratio) * perDecade) >= leastRowPx) ?? 12;
  const rowCount = Math.ceil(boundsMs.length / merged);
  const rows = columns.map(({ classes = [] }) => {
    const counts: number[] = [];
    classes.forEach((n, i) => {
      const row = Math.floor(i / merged);
      counts[row] = (counts[row] ?? 0) + n;
    });
    return counts;
  });
  const most = Math.max(0, ...rows.flatMap((counts) => counts.filter((n) => n > 0)));
  const pieces: string[][] = Array.from({ length: heatLevels }, () => []);
  const levelOf = (n = 0) => (n === 0 ? 0 : Math.ceil((heatLevels * Math.log1p(n)) / Math.log1p(most)));
  for (let row = 0; row < rowCount; row++) {
    const bottom = y(boundsMs[row * merged] ?? 0);
    const height = rounded(bottom - y(boundsMs[(row + 1) * merged] ?? boundsMs.at(-1) ?? 0));
    for (let i = 0; i < columns.length; i++) {
      const level = levelOf(rows[i]?.[row]);
      if (level === 0) continue;
      const from = columns[i]?.fromMs ?? 0;
      while (i + 1 < columns.length && levelOf(rows[i + 1]?.[row]) === level) i++;
      const width = (columns[i]?.toMs ?? 0) - from;
      pieces[level - 1]?.push(`M${from} ${rounded(bottom)}h${width}v-${height}h-${width}z`);
    }
  }
  return pieces.map((each, i) => ({ className: `heat-${i + 1}`, d: each.join('') }));
}

/** The powers of ten around all values. */
function decades(values: readonly number[]): [number, number] {
  const low = 10 ** Math.floor(Math.log10(Math.min(...values)));
  return [low, Math.max(10 ** Math.ceil(Math.log10(Math.max(...values))), low * 10)];
}

function rounded(y: number): number {
  return Math.round(y * 10) / 10;
}
