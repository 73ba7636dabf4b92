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
  const groupOf = new Growing();
  const atOf = new Growing();
  const versionOf = new Growing();
  return {
    add(group, at, version) {
      groupOf.push(group);
      atOf.push(at);
      versionOf.push(version);
    },
    build(groups) {
      const begin = offsets(groupOf.values(), groups);
      const { at, highest } = grouped(groupOf.values(), atOf.values(), versionOf.values(), begin);
      // Questions about a group come nearly in order of time: the place of the last one is where to look first.
      const lastByTime = begin.slice();
      const lastByVersion = begin.slice();
      return {
        highestBefore(group, time) {
          const from = begin[group] as number;
          const to = begin[group + 1] as number;
          const found = firstAtLeast(at, from, to, lastByTime[group] as number, time);
          lastByTime[group] = found;
          return found === from ? Number.NEGATIVE_INFINITY : (highest[found - 1] as number);
        },
        firstAbove(group, version) {
          const from = begin[group] as number;
          const to = begin[group + 1] as number;
          // Versions are whole numbers, so "above" is "at least one more".
          const found = firstAtLeast(highest, from, to, lastByVersion[group] as number, version + 1);
          lastByVersion[group] = found;
          return found === to ? Number.POSITIVE_INFINITY : (at[found] as number);
        },
      };
    },
  };
}

/** Numbers of which nobody knows how many will come. */
class Growing {
  #values = new Float64Array(1024);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}

/** Facts in order of their groups, in each in order of time, with the highest version so far. */
function grouped(groupOf: Float64Array, atOf: Float64Array, versionOf: Float64Array, begin: Uint32Array) {
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
  for (let group = 0; group + 1 < begin.length; group++) {
    const [from, to] = [begin[group] as number, begin[group + 1] as number];
    sortByTime(at.subarray(from, to), highest.subarray(from, to));
    for (let i = from + 1; i < to; i++) highest[i] = Math.max(highest[i] as number, highest[i - 1] as number);
  }
  return { at, highest };
}

/** Where each group begins when facts are put in order of their groups, and where the last ends. */
function offsets(groupOf: Float64Array, groups: number): Uint32Array {
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

/**
 * The first place in [from, to) of an ascending array whose value is at least `value`; `to` when none is. Looks
 * in growing steps around `near` first.
 */
function firstAtLeast(values: Float64Array, from: number, to: number, near: number, value: number): number {
  let low = near;
  let high = near;
  for (let step = 1; high < to && (values[high] as number) < value; step *= 2) {
    low = high + 1;
    high += step;
  }
  if (high > to) high = to;
  for (let step = 1; low > from && (values[low - 1] as number) >= value; step *= 2) {
    high = low - 1;
    low -= step;
  }
  if (low < from) low = from;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
