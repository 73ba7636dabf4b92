import type { Finding, Marks } from './checker.ts';
import { histogram } from './histogram.ts';

/** Findings that one check keeps at most; its figures and marks hold the full counts. */
export const findingsLimit = 1000;

/**
 * Collects evidence of which there may be millions. Kept is an even selection over all of it (every second,
 * every fourth, … of a cause, its oldest and its newest always), each cause with its fair share; counted in
 * time is every one.
 */
export interface Findings {
  /** Offers one; `make` is called later, and only for a finding that is kept. */
  offer(at: number, cause: string, make: () => Finding): void;
  /** Those kept, oldest first. */
  list(): Finding[];
  /** All that were offered, by kind and cause: how many when. */
  marks(): Marks[];
  /** Both, as a check's result has them. */
  evidence(): { findings: Finding[]; marks: Marks[] };
}

interface Offered {
  at: number;
  make: () => Finding;
}

/** What is kept of one cause: each `stride`th finding, in the order in which they came. */
interface Selection {
  kept: Offered[];
  stride: number;
  count: number;
  oldest: Offered;
  newest: Offered;
}

export function collectFindings(limit: number = findingsLimit): Findings {
  const byCause = new Map<string, Selection>();
  const counts = histogram();
  const list = () =>
    shares([...byCause.values()].map(inOrder), limit)
      .sort((a, b) => a.at - b.at)
      .map(({ make }) => make());
  const marks = () => {
    const { bucketMs, of } = counts.read();
    const all = new Map<string, Marks>();
    for (const [cause, { oldest }] of byCause) {
      const example = oldest.make();
      const id = JSON.stringify([example.kind, example.cause ?? null]);
      all.set(id, {
        kind: example.kind,
        cause: example.cause ?? null,
        bucketMs,
        counts: sum(all.get(id)?.counts ?? [], of(cause)),
      });
    }
    return [...all.values()];
  };
  return {
    offer(at, cause, make) {
      counts.add(cause, at);
      const offered = { at, make };
      const selection = byCause.get(cause);
      if (selection === undefined) {
        byCause.set(cause, { kept: [offered], stride: 1, count: 1, oldest: offered, newest: offered });
        return;
      }
      if (at < selection.oldest.at) selection.oldest = offered;
      if (at >= selection.newest.at) selection.newest = offered;
      if (selection.count++ % selection.stride !== 0) return;
      selection.kept.push(offered);
      if (selection.kept.length < 2 * limit) return;
      selection.kept = selection.kept.filter((_, i) => i % 2 === 0);
      selection.stride *= 2;
    },
    list,
    marks,
    evidence: () => ({ findings: list(), marks: marks() }),
  };
}

function inOrder({ kept, oldest, newest }: Selection): Offered[] {
  return [...new Set([oldest, ...kept, newest])].sort((a, b) => a.at - b.at);
}

/** The rarest cause first: what it leaves of its share is divided among the others. */
function shares(lists: Offered[][], limit: number): Offered[] {
  const rarestFirst = lists.toSorted((a, b) => a.length - b.length);
  const chosen: Offered[] = [];
  for (const [i, list] of rarestFirst.entries()) {
    const share = Math.floor((limit - chosen.length) / (rarestFirst.length - i));
    chosen.push(...evenly(list, share));
  }
  return chosen;
}

/** So many of a list, as far apart as possible; the first and the last are among them (of one only the first). */
function evenly(list: Offered[], share: number): Offered[] {
  if (list.length <= share) return list;
  const apart = share > 1 ? (list.length - 1) / (share - 1) : 0;
  return Array.from({ length: share }, (_, i) => list[Math.round(i * apart)] as Offered);
}

function sum(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => (a[i] ?? 0) + (b[i] ?? 0));
}
