/** A bucket is so wide at first, in ms; wide enough for a run of six seconds, which is 120 buckets. */
const narrowestMs = 50;
const mostBuckets = 240;

/** How many of each name when, in buckets that double in width as a run goes on: small whatever is counted. */
export interface Histogram {
  /** `at` in ms since the run's start. */
  add(name: string, at: number): void;
  /** Counts of a name from the run's start to its last bucket that is not empty. */
  read(): { bucketMs: number; of(name: string): readonly number[] };
}

export function histogram(): Histogram {
  const counts = new Map<string, number[]>();
  let bucketMs = narrowestMs;
  return {
    add(name, at) {
      while (at >= bucketMs * mostBuckets && at < Number.POSITIVE_INFINITY) {
        bucketMs *= 2;
        for (const [each, narrow] of counts) counts.set(each, halved(narrow));
      }
      const bucket = Math.min(mostBuckets - 1, Math.max(0, Math.floor(at / bucketMs)));
      let own = counts.get(name);
      if (own === undefined) {
        own = [];
        counts.set(name, own);
      }
      while (own.length <= bucket) own.push(0);
      own[bucket] = (own[bucket] ?? 0) + 1;
    },
    read: () => ({ bucketMs, of: (name) => counts.get(name) ?? [] }),
  };
}

function halved(narrow: readonly number[]): number[] {
  return Array.from(
    { length: Math.ceil(narrow.length / 2) },
    (_, i) => (narrow[2 * i] ?? 0) + (narrow[2 * i + 1] ?? 0),
  );
}
