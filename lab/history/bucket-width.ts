const steps = [1, 2, 5];

/** The smallest of 1, 2, 5, 10, 20, … times `leastMs` that cuts a run into at most `most` buckets, in ms. */
export function bucketWidthMs(durationMs: number, leastMs: number, most: number): number {
  for (let scale = leastMs; ; scale *= 10)
    for (const step of steps) if (durationMs <= step * scale * most) return step * scale;
}
