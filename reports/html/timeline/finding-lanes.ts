import type { Finding } from '../../../lab/checkers/checker.ts';
import type { JudgedCheck } from '../../../lab/run/record.ts';
import { html, type Markup } from '../markup.ts';
import { details, table } from '../table.ts';
import { count, figureName, seconds } from '../units.ts';
import { causeWords } from '../words.ts';
import { type Frame, lane } from './lane.ts';

const columns = 160;
const heightPx = 36;
const rowLimit = 300;

/** Findings of one check, of one kind and cause. */
export interface FindingGroup {
  check: string;
  kind: string;
  cause: string | null;
  findings: readonly Finding[];
  /** How many there were in all, where the check's figures say so: findings are only a part of a large number. */
  total: number;
}

/** The findings of all checks by kind and cause (a recovery's steps have a section of their own), in the order in which causes get their colours and patterns. */
export function findingGroups(checks: readonly JudgedCheck[]): FindingGroup[] {
  return checks.flatMap((check) => {
    const drawn = check.findings.filter((finding) => finding.kind !== 'step');
    const groups = Map.groupBy(drawn, (f) => JSON.stringify([f.kind, f.cause ?? null]));
    return [...groups.values()].map((findings) => {
      const kind = findings[0]?.kind ?? '';
      const cause = findings[0]?.cause ?? null;
      return {
        check: check.name,
        kind,
        cause,
        findings,
        total: totalOf(check, kind, cause) ?? findings.length,
      };
    });
  });
}

/** A lane per group: how many were found when. A lost write stands at the moment at which it was acknowledged. */
export function findingLanes(frame: Frame, groups: readonly FindingGroup[]): Markup[] {
  return groups.map((group, i) => {
    const bins = binsOf(group.findings, frame.axis.durationMs);
    const top = Math.max(...bins);
    const width = frame.axis.durationMs / columns;
    const bars = bins.flatMap((n, bin) => {
      if (n === 0) return [];
      const high = Math.max(5, (n / top) * (heightPx - 6));
      const [from, to] = [bin * width, (bin + 1) * width];
      return html`<rect class="cause-${i % 6}" x="${frame.axis.x(from)}" width="${frame.axis.width(from, to)}" y="${heightPx - 2 - high}" height="${high}"><title>${`${nameOf(group)}: ${count(n, unitOf(group))} between ${seconds(from)} and ${seconds(to)}`}</title></rect>`;
    });
    return lane(frame, {
      label: group.kind === 'lost' ? `lost: ${group.cause ?? 'no cause'}` : nameOf(group),
      note: noteOf(group),
      describe: `${nameOf(group)}: ${noteOf(group)}`,
      heightPx,
      content: bars,
    });
  });
}

export function findingTables(groups: readonly FindingGroup[]): Markup {
  return html`${groups.map((group) => {
    const shown = group.findings.slice(0, rowLimit);
    const cut = shown.length < group.total ? `, the first ${shown.length} listed` : '';
    const rows = shown.map((f) => [seconds(f.at), f.client ?? '–', f.node ?? '–', f.key ?? '–', f.text]);
    const title = `${nameOf(group)} as a table (${count(group.total, unitOf(group))}${cut})`;
    return details(title, table(['at', 'client', 'node', 'key', 'what'], rows));
  })}`;
}

function noteOf(group: FindingGroup): string {
  const words = group.cause === null ? '' : causeWords(group.cause);
  const partly =
    group.findings.length < group.total ? `, of which the first ${group.findings.length} are drawn` : '';
  return `${count(group.total, unitOf(group))}${partly}${words === '' ? '' : `, ${words}`}`;
}

function nameOf({ kind, cause }: FindingGroup): string {
  return cause === null ? figureName(kind) : `${figureName(kind)} (${figureName(cause)})`;
}

function unitOf({ kind }: FindingGroup): string {
  if (/lost|unexpected|duplicate|recovered/.test(kind)) return 'writes';
  return /stale|back|own/.test(kind) ? 'reads' : 'findings';
}

function totalOf(check: JudgedCheck, kind: string, cause: string | null): number | null {
  const byCause = check.figures[`${kind}ByCause`];
  if (cause !== null && typeof byCause === 'object' && byCause !== null) {
    return Object.hasOwn(byCause, cause) ? (byCause[cause] ?? null) : null;
  }
  const all = check.figures[kind] ?? check.figures[`${kind}s`];
  return typeof all === 'number' && cause === null ? all : null;
}

function binsOf(findings: readonly Finding[], durationMs: number): number[] {
  const bins = new Array<number>(columns).fill(0);
  for (const { at } of findings) {
    const bin = Math.min(columns - 1, Math.max(0, Math.floor((at / durationMs) * columns)));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins;
}
