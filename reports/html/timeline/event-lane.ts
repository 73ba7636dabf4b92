import type { LabEvent } from '../../../lab/history/observations.ts';
import { html, type Markup } from '../markup.ts';
import { details, table } from '../table.ts';
import { seconds } from '../units.ts';
import { eventMeaning } from '../words.ts';
import { type Frame, lane } from './lane.ts';

const rowPx = 19;
/** Beyond these the markers would only cover each other; the table has them all. */
const drawn = 24;
const listed = 1000;

/** What Sentinel and Redis decided, as numbered marks, and the list that says what the numbers mean. */
export function eventLane(frame: Frame, events: readonly LabEvent[]): Markup {
  const told = decisive(events);
  if (told.length === 0) return html``;
  const rows = rowsFor(told, frame.axis.durationMs);
  const marks = told.map((event, i) => {
    const y = (rows[i] ?? 0) * rowPx + 10;
    const x = frame.axis.x(event.at);
    return html`<g><line class="event-stem" x1="${x}" x2="${x}" y1="0" y2="100%"/><circle class="event" cx="${x}" cy="${y}" r="8.5"/>
<text class="event-number" x="${x}" y="${y + 4}" text-anchor="middle">${i + 1}</text><title>${lineOf(event)}</title></g>`;
  });
  const picture = lane(frame, {
    label: 'decisions',
    note: 'of Sentinel and Redis, numbered below',
    describe: told.map(lineOf).join('; '),
    heightPx: (Math.max(...rows) + 1) * rowPx + 2,
    content: marks,
  });
  const items = told.map(
    (
      event,
    ) => html`<li><b>${seconds(event.at)}</b> <code>${event.kind}</code> ${eventMeaning(event.kind) ?? ''}
<span class="quiet">${event.source}: ${textOf(event)}</span></li>`,
  );
  return html`${picture}<div class="lane"><div class="lane-label"></div><ol class="events">${items}</ol></div>`;
}

export function eventTable(events: readonly LabEvent[]): Markup {
  if (events.length === 0) return html``;
  const cut = events.length > listed ? `, the first ${listed} of them` : '';
  return details(
    `Everything that was reported, as a table (${events.length} events${cut})`,
    table(
      ['at', 'source', 'kind', 'what'],
      events.slice(0, listed).map((e) => [seconds(e.at), e.source, e.kind, e.text]),
    ),
  );
}

/** Events with a meaning for the reader; of the same report by several Sentinels the first. */
function decisive(events: readonly LabEvent[]): LabEvent[] {
  const seenAt = new Map<string, number>();
  const chosen = [...events]
    .sort((a, b) => a.at - b.at)
    .filter((event) => {
      const about = event.data?.instance ?? 'master';
      if (eventMeaning(event.kind) === undefined) return false;
      // What a Sentinel thinks of replicas and of other Sentinels stands in the table.
      if (/^[+-][so]down$/.test(event.kind) && about !== 'master') return false;
      const key = `${event.kind} ${event.data?.node ?? event.text}`;
      const before = seenAt.get(key);
      seenAt.set(key, event.at);
      return before === undefined || event.at - before > 1000;
    });
  return chosen.slice(0, drawn);
}

/** The row of each mark: the first one in which it touches no earlier mark, on a narrow screen too. */
function rowsFor(events: readonly LabEvent[], durationMs: number): number[] {
  const apart = durationMs * 0.055;
  const lastInRow: number[] = [];
  return events.map(({ at }) => {
    const free = lastInRow.findIndex((last) => at - last >= apart);
    const row = free === -1 ? lastInRow.length : free;
    lastInRow[row] = at;
    return row;
  });
}

function lineOf(event: LabEvent): string {
  return `${seconds(event.at)} ${event.kind} (${event.source}: ${textOf(event)})`;
}

/** Sentinel's own lines begin with the event's name, which has been said. */
function textOf({ kind, text }: LabEvent): string {
  return text.startsWith(`${kind} `) ? text.slice(kind.length + 1) : text;
}
