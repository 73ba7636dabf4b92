import type { Moment, Scene } from '../topology/scene.ts';
import { type Evidence, type EvidenceItem, itemOf } from './evidence.ts';

/** Findings of one kind and cause, of one node, while the same nodes were primaries for the same observers. */
export interface EvidenceGroup {
  first: EvidenceItem;
  count: number;
  from: number;
  to: number;
  /** Who was primary then, for whom: `redis-1 (2/3 Sentinels), redis-2 (1/3 Sentinels)`; empty where it is not known. */
  primaries: string;
  /** The decisions that surround them; null where there is none. */
  before: readonly [at: number, text: string] | null;
  after: readonly [at: number, text: string] | null;
}

/** What was found, gathered by what can have caused it; by time. */
export function evidenceGroups(evidence: Evidence, scene: Scene | null): EvidenceGroup[] {
  const groups = new Map<string, EvidenceItem[]>();
  for (const row of evidence.rows) {
    const item = itemOf(evidence, row);
    const node = isLoss(item) ? item.node : '';
    const key = JSON.stringify([item.check, item.kind, item.cause, node, primariesAt(scene, item)]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [item]);
    else known.push(item);
  }
  return [...groups.values()]
    .map((items): EvidenceGroup => {
      const first = items[0] as EvidenceItem;
      const to = items.at(-1)?.at ?? first.at;
      return {
        first,
        count: items.length,
        from: first.at,
        to,
        primaries: primariesAt(scene, first),
        before: evidence.decisions.findLast(([at]) => at <= first.at) ?? null,
        after: evidence.decisions.find(([at]) => at > to) ?? null,
      };
    })
    .sort((a, b) => rank(a.first) - rank(b.first) || a.from - b.from);
}

/** What is gone comes first, then what somebody was refused or shown, then requests that merely failed. */
function rank(item: EvidenceItem): number {
  if (isLoss(item)) return 0;
  return item.kind === 'error' ? 2 : 1;
}

/** Of what is gone it matters who had acknowledged it. */
export function isLoss({ kind }: EvidenceItem): boolean {
  return kind.startsWith('lost');
}

/** The moment of a scene at this time. */
export function momentAt(scene: Scene | null, at: number): Moment | undefined {
  return scene?.moments.findLast((moment) => moment.at <= at) ?? scene?.moments[0];
}

/** In a large cluster only whether the node that answered was one: the others say nothing of it. */
function primariesAt(scene: Scene | null, { at, node }: EvidenceItem): string {
  const moment = momentAt(scene, at);
  if (moment === undefined) return '';
  const primaries = Object.entries(moment.parts).filter(([, { role }]) => role === 'primary');
  const told = primaries.length > 2 ? primaries.filter(([name]) => name === node) : primaries;
  return told
    .map(([name, { text }]) => `${name}${text.includes('·') ? ` (${text.split('·')[1]?.trim()})` : ''}`)
    .join(', ');
}
