import type { Markup } from '../markup.ts';
import { count, number, seconds } from '../units.ts';
import { type FindingGroup, nameOf, unitOf } from './finding-groups.ts';
import { bar, type Frame, lane } from './lane.ts';

const rowPx = 18;
/** So many rows are drawn: those of whoever waited longest. The table has them all. */
const drawn = 6;

type Spans = FindingGroup['findings'];

/** What lasted from one moment to another, as bars: a row for each client, or more where its spans overlap. */
export function outageLane(frame: Frame, group: FindingGroup): Markup {
  const byClient = Map.groupBy(group.findings, ({ client }) => client ?? '');
  const lengthOf = ({ at, to = at }: { at: number; to?: number }) => to - at;
  const rows = [...byClient]
    .flatMap(([client, findings]) => apart(findings).map((own) => ({ client, findings: own })))
    .map((row) => ({ ...row, longestMs: Math.max(...row.findings.map(lengthOf)) }))
    .sort((a, b) => b.longestMs - a.longestMs);
  const rest = rows.slice(drawn).flatMap(({ findings }) => findings).length;
  const note = `${count(group.total, unitOf(group))}, the longest ${seconds(rows[0]?.longestMs ?? 0)}${
    group.after === null ? '' : ` (counted ${group.after})`
  }${rest > 0 ? `; ${number(rest)} more in the table` : ''}`;
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
          text: `${client} ${seconds(lengthOf(finding))}`.trim(),
          short: seconds(lengthOf(finding)),
          title: finding.text,
        }),
      ),
    ),
  });
}

/** The spans in as few rows as it takes for none to lie on another. */
function apart(findings: Spans): Spans[] {
  const rows: Spans[number][][] = [];
  for (const finding of findings.toSorted((a, b) => a.at - b.at)) {
    const free = rows.find((row) => (row.at(-1)?.to ?? 0) <= finding.at);
    if (free === undefined) rows.push([finding]);
    else free.push(finding);
  }
  return rows;
}
