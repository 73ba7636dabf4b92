import type { Markup } from '../markup.ts';
import { count, number, seconds } from '../units.ts';
import { type FindingGroup, nameOf, unitOf } from './finding-groups.ts';
import { bar, type Frame, lane } from './lane.ts';

const rowPx = 18;
/** Clients with a row of their own: those that waited longest. The table has them all. */
const drawn = 6;

/** What lasted from one moment to another, as bars: a row for each client. */
export function outageLane(frame: Frame, group: FindingGroup): Markup {
  const byClient = Map.groupBy(group.findings, ({ client }) => client ?? '');
  const lengthOf = ({ at, to = at }: { at: number; to?: number }) => to - at;
  const rows = [...byClient]
    .map(([client, findings]) => ({ client, findings, longestMs: Math.max(...findings.map(lengthOf)) }))
    .sort((a, b) => b.longestMs - a.longestMs);
  const rest = rows.length - drawn;
  const note = `${count(group.total, unitOf(group))}, the longest ${seconds(rows[0]?.longestMs ?? 0)}${
    group.after === null ? '' : ` (counted ${group.after})`
  }${rest > 0 ? `; ${number(rest)} more ${rest === 1 ? 'client is' : 'clients are'} in the table` : ''}`;
  return lane(frame, {
    label: nameOf(group),
    note,
    describe: `${nameOf(group)}: ${note}`,
    heightPx: Math.min(drawn, rows.length) * rowPx + 4,
    content: rows.slice(0, drawn).flatMap(({ client, findings }, row) =>
      findings.map((finding) =>
        bar(frame.axis, {
          from: finding.at,
          to: finding.to ?? finding.at,
          className: 'outage',
          y: row * rowPx + 2,
          heightPx: rowPx - 2,
          text: `${client} ${seconds(lengthOf(finding))}`,
          title: finding.text,
        }),
      ),
    ),
  });
}
