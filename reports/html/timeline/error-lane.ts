import type { Series } from '../../../lab/history/series.ts';
import { html, type Markup } from '../markup.ts';
import { details, table } from '../table.ts';
import { count, number, seconds } from '../units.ts';
import { drawErrors, errorKinds } from './draw-errors.ts';
import { drawn } from './drawing.ts';
import { type Frame, lane } from './lane.ts';

/** One lane for all groups: which errors came when. */
export function errorLane(frame: Frame, { detail }: Series): Markup {
  if (detail === undefined) return html``;
  const kinds = errorKinds(detail);
  if (kinds.length === 0) return html``;
  const { durationMs } = frame.axis;
  const drawing = drawErrors(detail, durationMs, { fromMs: 0, toMs: durationMs });
  const words = kinds.map(({ error, total }) => `${error ?? 'others'} ${number(total)}`);
  return lane(frame, {
    label: 'errors by kind',
    note: drawing.note,
    keys: kinds.map(({ error, total }, i) => ({
      className: `kind-${i}`,
      text: `${error ?? 'others'} ${number(total)}`,
    })),
    describe: `Errors by kind: ${words.join(', ')}; the table below has when and whose they were`,
    heightPx: Math.max(64, 36 + kinds.length * 16),
    charts: [drawn(frame.axis, drawing, 'errors')],
  });
}

/** The table behind it: whose errors, and from when to when. */
export function errorTable({ detail }: Series): Markup {
  const rows = (detail?.groups ?? []).flatMap(({ group, errors }) =>
    errors.map(({ error, counts }) => {
      const { bucketMs } = detail ?? { bucketMs: 0 };
      const places = counts.filter((_, i) => i % 2 === 0);
      const numbers = counts.filter((_, i) => i % 2 === 1);
      const most = Math.max(...numbers);
      return [
        group,
        error,
        count(
          numbers.reduce((a, b) => a + b, 0),
          'operations',
        ),
        seconds((places[0] ?? 0) * bucketMs),
        seconds(((places.at(-1) ?? 0) + 1) * bucketMs),
        `${number(most)} within ${number(bucketMs)}\u202fms, at ${seconds((places[numbers.indexOf(most)] ?? 0) * bucketMs)}`,
      ];
    }),
  );
  if (rows.length === 0) return html``;
  return details(
    `Errors by kind as a table (${rows.length})`,
    table(['clients', 'error', 'how many', 'first', 'last', 'most at once'], rows),
  );
}
