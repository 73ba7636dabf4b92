import { html, type Markup } from '../markup.ts';
import { details, table } from '../table.ts';
import { count, number, seconds } from '../units.ts';
import { causeWords } from '../words.ts';
import { type FindingGroup, nameOf, unitOf } from './finding-groups.ts';
import { type Frame, lane } from './lane.ts';
import { outageLane } from './outage-lane.ts';

const columns = 160;
const heightPx = 36;
const rowLimit = 300;

/** A lane per group: how many were found when. A lost write stands at the moment at which it was acknowledged. */
export function findingLanes(frame: Frame, groups: readonly FindingGroup[]): Markup[] {
  return groups.map((group, i) => {
    if (group.findings.every(({ to }) => to !== undefined)) return outageLane(frame, group);
    const { bucketMs, counts } = group.marks ?? binsOf(group, frame.axis.durationMs);
    const top = Math.max(...counts);
    const bars = counts.flatMap((n, bin) => {
      if (n === 0) return [];
      const high = Math.round(Math.max(5, (n / top) * (heightPx - 6)) * 10) / 10;
      const [from, to] = [bin * bucketMs, (bin + 1) * bucketMs];
      return html`<rect class="cause-${i % 6}" ${frame.axis.span(from, to)} y="${heightPx - 2 - high}" height="${high}"><title>${`${nameOf(group)}: ${count(n, unitOf(group))} between ${seconds(from)} and ${seconds(to)}`}</title></rect>`;
    });
    return lane(frame, {
      label: group.kind === 'lost' && !group.isShared ? `lost: ${group.cause ?? 'no cause'}` : nameOf(group),
      note: noteOf(group),
      describe: `${nameOf(group)}: ${noteOf(group)}`,
      heightPx,
      content: bars,
    });
  });
}

export function findingTables(groups: readonly FindingGroup[]): Markup {
  return html`${groups.map((group) => {
    const { findings, total } = group;
    const shown = evenly(findings);
    const cut = shown.length < total ? `, ${shown.length} of them listed, spread over all` : '';
    const rows = shown.map((f) => [seconds(f.at), f.client ?? '–', f.node ?? '–', f.key ?? '–', f.text]);
    const title = `${nameOf(group)} as a table (${count(total, unitOf(group))}${cut})`;
    return details(title, table(['at', 'client', 'node', 'key', 'what'], rows));
  })}`;
}

/** At most `rowLimit`, the first and the last among them. */
function evenly<T>(all: readonly T[]): T[] {
  if (all.length <= rowLimit) return [...all];
  const apart = (all.length - 1) / (rowLimit - 1);
  return all.filter((_, i) => Math.round(Math.round(i / apart) * apart) === i);
}

function noteOf(group: FindingGroup): string {
  const words = group.cause === null ? '' : causeWords(group.cause);
  const { total, findings, marks } = group;
  const per = Math.round(total / findings.length);
  const partly = marks === null && per > 1 ? `, one of about ${number(per)} is drawn` : '';
  return `${count(total, unitOf(group))}${partly}${words === '' ? '' : `, ${words}`}`;
}

function binsOf({ findings }: FindingGroup, durationMs: number) {
  const bucketMs = durationMs / columns;
  const counts = new Array<number>(columns).fill(0);
  for (const { at } of findings) {
    const bin = Math.min(columns - 1, Math.max(0, Math.floor(at / bucketMs)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { bucketMs, counts };
}
