import type { NodeSample } from '../../../lab/history/observations.ts';
import { html, type Markup } from '../markup.ts';
import { count } from '../units.ts';
import { type Frame, lane } from './lane.ts';

/** What a primary had written and its slowest replica had not acknowledged: what a crash could lose. */
export function lagLane(frame: Frame, samples: readonly NodeSample[]): Markup {
  const columns = worstLags(samples, frame.axis.durationMs);
  const top = Math.max(0, ...columns.map(({ bytes }) => bytes));
  if (columns.length === 0) return html``;
  const bars = columns.map(({ from, to, bytes }) => {
    const high = top === 0 ? 0 : Math.round((bytes / top) * 380) / 10;
    return html`<rect class="lag" ${frame.axis.span(from, to)} y="${40 - high}" height="${high}"/>`;
  });
  return lane(frame, {
    label: 'replication lag',
    note: `not yet acknowledged by the slowest replica (they do once a second), top ${count(top, 'bytes')}`,
    describe: `Replication lag of whoever was primary: at most ${count(top, 'bytes')}`,
    heightPx: 40,
    content: bars,
  });
}

/** The largest lag in each of 240 equal parts of the run; parts without a sample of a primary are left out. */
function worstLags(samples: readonly NodeSample[], durationMs: number) {
  const width = durationMs / 240;
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
