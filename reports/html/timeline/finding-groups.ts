import type { Finding } from '../../../lab/checkers/checker.ts';
import type { JudgedCheck } from '../../../lab/run/record.ts';
import { afterWords } from '../after-words.ts';
import { figureName } from '../units.ts';

/** Findings of one check, of one kind and cause. */
export interface FindingGroup {
  check: string;
  kind: string;
  cause: string | null;
  findings: readonly Finding[];
  /** How many there were in all, where the check says so: findings are only a part of a large number. */
  total: number;
  /** All of them over time; null where the check does not count them, and only `findings` can be drawn. */
  marks: { bucketMs: number; counts: readonly number[] } | null;
  /** Another check has findings of this kind and cause too. */
  isShared: boolean;
  /** Since when the check looked, where that is not the load's beginning: `promotion`, `heal`, a time in ms. */
  after: string | null;
}

/** What the lanes of a cluster's slots show already. */
const ofSlots = ['uncovered', 'two-owners'];

/** The findings of all checks by kind and cause (a recovery's steps have a section of their own, and slots lanes), in the order in which causes get their colours and patterns. */
export function findingGroups(checks: readonly JudgedCheck[], hasSlotLanes: boolean): FindingGroup[] {
  const all = checks.flatMap((check) => {
    const drawn = check.findings.filter(
      ({ kind }) => kind !== 'step' && !(hasSlotLanes && ofSlots.includes(kind)),
    );
    const groups = Map.groupBy(drawn, (f) => JSON.stringify([f.kind, f.cause ?? null]));
    return [...groups].map(([id, findings]) => ({ id, check, findings }));
  });
  return all.map(({ id, check, findings }): FindingGroup => {
    const kind = findings[0]?.kind ?? '';
    const cause = findings[0]?.cause ?? null;
    const marks = check.marks?.find((each) => each.kind === kind && each.cause === cause) ?? null;
    const counted = marks?.counts.reduce((a, b) => a + b, 0);
    const total = counted ?? totalOf(check, kind, cause) ?? findings.length;
    const isShared = all.some((other) => other.id === id && other.check !== check);
    return {
      check: check.name,
      kind,
      cause,
      findings,
      total,
      marks,
      isShared,
      after: afterWords(check.spec),
    };
  });
}

/** `lost (minority primary)`; with the check behind it where others found the same: `outage, lost-shard`. */
export function nameOf({
  kind,
  cause,
  check,
  isShared,
}: Pick<FindingGroup, 'kind' | 'cause' | 'check' | 'isShared'>): string {
  const name =
    cause === null || cause === kind ? figureName(kind) : `${figureName(kind)} (${figureName(cause)})`;
  return isShared ? `${name}, ${check}` : name;
}

export function unitOf({ kind }: Pick<FindingGroup, 'kind'>): string {
  if (/outage/.test(kind)) return 'outages';
  if (/never/.test(kind)) return 'clients';
  if (/redirected|exhausted/.test(kind)) return 'operations';
  if (/lost|unexpected|duplicate|applied|recovered/.test(kind)) return 'writes';
  if (/^error$|admitted|blocked/.test(kind)) return 'requests';
  if (kind === 'logout') return 'logouts';
  return /stale|back|own|your/.test(kind) ? 'reads' : 'findings';
}

function totalOf(check: JudgedCheck, kind: string, cause: string | null): number | null {
  const byCause = check.figures[`${kind}ByCause`];
  if (cause !== null && typeof byCause === 'object' && byCause !== null) {
    return Object.hasOwn(byCause, cause) ? (byCause[cause] ?? null) : null;
  }
  const all = check.figures[kind] ?? check.figures[`${kind}s`];
  return typeof all === 'number' && cause === null ? all : null;
}
