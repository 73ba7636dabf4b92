import type { NodeSample } from '../../../lab/history/observations.ts';
import { html, type Markup } from '../markup.ts';
import { count } from '../units.ts';
import { chart, type Frame, lane } from './lane.ts';

/** Parts of the run that the picture has at most; nodes are asked about ten times a second. */
const mostParts = 1200;
const leastMs = 50;

/** What a primary had written and its slowest replica had not acknowledged: what a crash could lose. */
export function lagLane(frame: Frame, samples: readonly NodeSample[]): Markup {
  const columns = worstLags(samples, frame.axis.durationMs);
  const top = columns.reduce((most, { bytes }) => Math.max(most, bytes), 0);
  if (columns.length === 0) return html``;
  const bars = columns.map(({ from, to, bytes }) => {
    const high = top === 0 ? 0 : Math.round((bytes / top) * 950) / 10;
    return high === 0 ? '' : `M${from} 100v-${high}H${to}V100z`;
  });
  return lane(frame, {
    label: 'replication lag',
    note: `not yet acknowledged by the slowest replica (they do once a second), top ${count(top, 'bytes')}`,
    describe: `Replication lag of whoever was primary: at most ${count(top, 'bytes')}`,
    heightPx: 40,
    charts: [chart(frame.axis, html`<path class="lag" d="${bars.join('')}"/>`)],
  });
}

/** The largest lag in each of the run's equal parts; parts without a sample of a primary are left out. */
function worstLags(samples: readonly NodeSample[], durationMs: number) {
  const width = Math.max(leastMs, Math.ceil(durationMs / mostParts));
  const worst = new Map<number, number>();
  for (const { at, offset, ackedOffset } of samples) {
    if (ackedOffset === null) continue;
    const column = Math.floor(at / width);
    worst.set(column, Math.max(worst.get(column) ?? 0, offset - ackedOffset));
  }
  const columns = [...worst].sort(([a], [b]) => a - b);
  return columns.map(([column, bytes], i) => {
    const next = columns[i + 1]?.[0] ?? column + 1;
    // Samples may come less often than parts: a value stands until the next one, but not over a real hole.
    const end = (next - column) * width <= 1000 ? next : column + 1;
    return { from: column * width, to: end * width, bytes };
  });
}
