import type { NodeSample } from '../history/observations.ts';

/** Samples in the order in which they were taken, at most so many of them. */
export interface SampleLog {
  readonly all: readonly NodeSample[];
  add(sample: NodeSample): void;
}

/**
 * Keeps all samples up to `most`; beyond that every second one of each node goes, so that what is long ago is known less
 * finely than what has just been, and a lab that stands for days does not grow.
 */
export function sampleLog(most = Number.POSITIVE_INFINITY): SampleLog {
  const all: NodeSample[] = [];
  return {
    all,
    add(sample) {
      all.push(sample);
      if (all.length <= most) return;
      const seen = new Map<string, number>();
      const kept = all.filter(({ node }) => {
        const number = (seen.get(node) ?? 0) + 1;
        seen.set(node, number);
        return number % 2 === 1;
      });
      all.splice(0, all.length, ...kept);
    },
  };
}
