/**
 * Counts of latencies in bins that widen with the value: 16 bins for each doubling, so a quantile is right to
 * ± 3 %, from 1 µs up to 35 minutes, in 2 kB, whatever is counted.
 */
export interface LatencyHistogram {
  /** Milliseconds. */
  add(ms: number): void;
  /** The latency below which this share (0 to 1) lies, in ms; null when nothing was added. */
  quantile(share: number): number | null;
  /** The largest, exactly; null when nothing was added. */
  max(): number | null;
}

const binBits = 4;
const bins = (31 - binBits + 1) << binBits;
const largestUs = 2 ** 31 - 1;

export function latencyHistogram(): LatencyHistogram {
  const counts = new Uint32Array(bins);
  let total = 0;
  let largest = 0;
  return {
    add(ms) {
      const us = Math.min(largestUs, Math.max(0, Math.round(ms * 1000)));
      counts[binOf(us)] = (counts[binOf(us)] ?? 0) + 1;
      total++;
      if (ms > largest) largest = ms;
    },
    quantile(share) {
      if (total === 0) return null;
      const rank = Math.max(1, Math.ceil(share * total));
      let seen = 0;
      let bin = 0;
      for (; bin < bins; bin++) {
        seen += counts[bin] ?? 0;
        if (seen >= rank) break;
      }
      return Math.min(middleUs(bin) / 1000, largest);
    },
    max: () => (total === 0 ? null : largest),
  };
}

/** Below 16 µs each has its own bin; above, the four bits behind the leading one choose among a doubling's 16. */
function binOf(us: number): number {
  const shift = Math.max(0, 31 - Math.clz32(us) - binBits);
  return (shift << binBits) + (us >>> shift);
}

function middleUs(bin: number): number {
  const shift = Math.max(0, (bin >>> binBits) - 1);
  const low = (bin - (shift << binBits)) * 2 ** shift;
  return low + (2 ** shift - 1) / 2;
}
