/**
 * "By this time, this much was known": for each group (a key, or a client and a key) the highest version that
 * a fact had established before a moment. Facts are collected first, then asked: one sort at most, a binary
 * search per question.
 */
export interface FactTable {
  /** The highest version of a fact in the group strictly before `at`; -Infinity without any. */
  highestBefore(group: number, at: number): number;
  /** When a version above this one was first established in the group; Infinity when never. */
  firstAbove(group: number, version: number): number;
}

export interface FactCollector {
  add(group: number, at: number, version: number): void;
  build(groups: number): FactTable;
}

export function collectFacts(): FactCollector {
  const groupOf: number[] = [];
  const atOf: number[] = [];
  const versionOf: number[] = [];
  return {
    add(group, at, version) {
      groupOf.push(group);
      atOf.push(at);
      versionOf.push(version);
    },
    build(groups) {
      const begin = offsets(groupOf, groups);
      const next = begin.slice();
      const at = new Float64Array(atOf.length);
      const highest = new Float64Array(atOf.length);
      for (let i = 0; i < atOf.length; i++) {
        const group = groupOf[i] as number;
        const to = next[group] as number;
        next[group] = to + 1;
        at[to] = atOf[i] as number;
        highest[to] = versionOf[i] as number;
      }
      for (let group = 0; group < groups; group++) {
        const [from, to] = [begin[group] as number, begin[group + 1] as number];
        sortByTime(at.subarray(from, to), highest.subarray(from, to));
        for (let i = from + 1; i < to; i++)
          highest[i] = Math.max(highest[i] as number, highest[i - 1] as number);
      }
      return {
        highestBefore(group, time) {
          const from = begin[group] as number;
          const found = firstAtLeast(at, from, begin[group + 1] as number, time);
          return found === from ? Number.NEGATIVE_INFINITY : (highest[found - 1] as number);
        },
        firstAbove(group, version) {
          const to = begin[group + 1] as number;
          // Versions are whole numbers, so "above" is "at least one more".
          const found = firstAtLeast(highest, begin[group] as number, to, version + 1);
          return found === to ? Number.POSITIVE_INFINITY : (at[found] as number);
        },
      };
    },
  };
}

/** Where each group begins when facts are put in order of their groups, and where the last ends. */
function offsets(groupOf: readonly number[], groups: number): Uint32Array {
  const begin = new Uint32Array(groups + 1);
  for (const group of groupOf) begin[group + 1] = (begin[group + 1] as number) + 1;
  for (let group = 0; group < groups; group++)
    begin[group + 1] = (begin[group + 1] as number) + (begin[group] as number);
  return begin;
}

/** Sorts both by the first. A client records in order of completion, so there is hardly ever anything to do. */
function sortByTime(at: Float64Array, version: Float64Array): void {
  let i = 1;
  while (i < at.length && (at[i - 1] as number) <= (at[i] as number)) i++;
  if (i >= at.length) return;
  const order = Uint32Array.from(at, (_, index) => index).sort(
    (a, b) => (at[a] as number) - (at[b] as number),
  );
  const [times, versions] = [at.slice(), version.slice()];
  for (const [to, from] of order.entries()) {
    at[to] = times[from] as number;
    version[to] = versions[from] as number;
  }
}

/** The first place in [from, to) of an ascending array whose value is at least `value`; `to` when none is. */
function firstAtLeast(values: Float64Array, from: number, to: number, value: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
