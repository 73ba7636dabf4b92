import type { SlotOwnership } from '../../../lab/run/record.ts';
import type { Markup } from '../markup.ts';
import { amountText, certainFromMs, namesText, slotsText } from '../slots/slot-words.ts';
import { count, seconds } from '../units.ts';
import { bar, type Frame, lane, laneNote } from './lane.ts';

type Group = SlotOwnership['groups'][number];

/** Groups of slots with a lane of their own; the table has them all. */
const drawn = 6;
/** Nodes that are drawn as owners of the same slots. */
const mostRows = 4;
const rowPx = 18;

/** For each group of slots that changed hands or that nodes disagreed about: a row for each owner that somebody named. */
export function ownershipLanes(frame: Frame, { groups }: SlotOwnership): Markup[] {
  const changed = groups.filter(({ beliefs }) => beliefs.length > 1);
  const chosen = changed.toSorted((a, b) => weightOf(b) - weightOf(a)).slice(0, drawn);
  const rest = changed.length - chosen.length;
  return [
    ...changed.filter((group) => chosen.includes(group)).map((group) => ownershipLane(frame, group)),
    ...(rest > 0 ? [laneNote(`${count(rest, 'more groups')} of slots changed hands: see the table`)] : []),
  ];
}

/** Long disagreements first, then many slots. */
function weightOf({ beliefs, count }: Group): number {
  const ms = beliefs.reduce((sum, { from, to, owners }) => (owners.length > 1 ? sum + to - from : sum), 0);
  return ms * 16_384 + count;
}

function ownershipLane(frame: Frame, group: Group): Markup {
  const owners = [...new Set(group.beliefs.flatMap((each) => each.owners.map(({ owner }) => owner)))];
  const rows = owners.slice(0, mostRows).map((owner) => ({ owner, spans: spansOf(group, owner) }));
  const bars = rows.flatMap(({ owner, spans }, row) =>
    spans.map(({ from, to, by, minds }) => {
      const name = owner ?? 'nobody';
      const who = minds === 'all' ? 'all agreed' : `says ${namesText([...by].sort())}`;
      return bar(frame.axis, {
        from,
        to,
        className: `owner-${minds}`,
        y: row * rowPx + 1,
        heightPx: rowPx - 2,
        text: minds === 'few' ? `${name}, ${who}` : name,
        short: name,
        title: `${name} owns ${slotsText(group.slots)}, ${who}: ${seconds(from)} to ${seconds(to)}`,
      });
    }),
  );
  const certain = group.doubles.filter(({ from, to }) => to - from > certainFromMs);
  const double = certain.map(({ from, to }) =>
    bar(frame.axis, {
      from,
      to,
      className: 'two-owners',
      y: rows.length * rowPx + 1,
      heightPx: rowPx - 2,
      text: 'two at once',
      title: `Two nodes served ${slotsText(group.slots)} at once: ${seconds(from)} to ${seconds(to)}`,
    }),
  );
  const words = rows.map(
    ({ owner, spans }) =>
      `${owner ?? 'nobody'} from ${seconds(spans[0]?.from ?? 0)} to ${seconds(spans.at(-1)?.to ?? 0)}`,
  );
  return lane(frame, {
    label: slotsText(group.slots),
    note: amountText(group.count),
    describe: `Named as owner of ${slotsText(group.slots)}: ${words.join(', ')}`,
    heightPx: (rows.length + (double.length > 0 ? 1 : 0)) * rowPx,
    content: [...bars, ...double],
  });
}

interface Span {
  from: number;
  to: number;
  /** Who named this owner at some time in it. */
  by: Set<string>;
  /** All who ran named it, more than half of them, or fewer. */
  minds: 'all' | 'most' | 'few';
}

function spansOf({ beliefs }: Group, owner: string | null): Span[] {
  const spans: Span[] = [];
  for (const { from, to, owners } of beliefs) {
    const own = owners.find((each) => each.owner === owner);
    if (own === undefined) continue;
    const all = owners.reduce((sum, { by }) => sum + by.length, 0);
    const minds = owners.length === 1 ? 'all' : own.by.length * 2 > all ? 'most' : 'few';
    const last = spans.at(-1);
    if (last !== undefined && last.to === from && last.minds === minds) {
      last.to = to;
      for (const node of own.by) last.by.add(node);
    } else spans.push({ from, to, minds, by: new Set(own.by) });
  }
  return spans;
}
