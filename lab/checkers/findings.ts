import type { Finding } from './checker.ts';

/** Findings that one check keeps at most; its figures hold the full counts. */
export const findingsLimit = 1000;

/** Collects evidence of which there may be millions: the oldest of each cause, every cause with its fair share. */
export interface Findings {
  /** Offers one; `make` is called only if it is kept for now. `at` and `cause` decide whether it is. */
  offer(at: number, cause: string, make: () => Finding): void;
  /** Those kept, oldest first. */
  list(): Finding[];
}

export function collectFindings(limit: number = findingsLimit): Findings {
  const byCause = new Map<string, Finding[]>();
  return {
    offer(at, cause, make) {
      let kept = byCause.get(cause);
      if (kept === undefined) {
        kept = [];
        byCause.set(cause, kept);
      }
      const newest = kept.at(-1);
      if (kept.length >= limit && newest !== undefined && newest.at <= at) return;
      if (newest === undefined || newest.at <= at) kept.push(make());
      else kept.splice(placeOf(kept, at), 0, make());
      if (kept.length > limit) kept.pop();
    },
    list: () => shares([...byCause.values()], limit).sort((a, b) => a.at - b.at),
  };
}

/** Where a finding of this time belongs, behind those of the same time. */
function placeOf(sorted: readonly Finding[], at: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle]?.at ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The rarest cause first: what it leaves of its share is divided among the others. */
function shares(lists: Finding[][], limit: number): Finding[] {
  const rarestFirst = lists.toSorted((a, b) => a.length - b.length);
  const chosen: Finding[] = [];
  for (const [i, list] of rarestFirst.entries()) {
    const share = Math.floor((limit - chosen.length) / (rarestFirst.length - i));
    chosen.push(...list.slice(0, share));
  }
  return chosen;
}
