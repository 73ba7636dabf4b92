/** A quantile of a sample with its interval of confidence. */
export interface Quantile {
  share: number;
  value: number;
  /** Between these the quantile of all runs there could be lies with 95 %; null where the sample is too small to say. */
  interval: { from: number; to: number } | null;
}

const CONFIDENCE = 0.95;

/**
 * A quantile by nearest rank, so that it is a value that was measured, and its interval by order statistics: how many of
 * n values lie below a quantile is binomial, whatever the distribution is (David and Nagaraja, "Order Statistics", 7.1).
 * `sorted` is ascending and not empty.
 */
export function quantile(sorted: readonly number[], share: number): Quantile {
  const at = (rank: number) => sorted[Math.min(sorted.length, Math.max(1, rank)) - 1] ?? Number.NaN;
  return { share, value: at(Math.ceil(share * sorted.length)), interval: intervalOf(sorted, share) };
}

/** The shortest span of ranks around the quantile that holds it with the confidence. */
function intervalOf(sorted: readonly number[], share: number): Quantile['interval'] {
  const n = sorted.length;
  const below = binomial(n, share);
  const middle = Math.ceil(share * n);
  // The quantile lies in [value of rank l, value of rank u] when between l and u - 1 values are below it.
  let [lower, upper] = [middle, middle + 1];
  const held = () => below.slice(lower, upper).reduce((sum, p) => sum + p, 0);
  while (held() < CONFIDENCE) {
    if (lower <= 1 && upper >= n) return null;
    const [left, right] = [below[lower - 1] ?? 0, below[upper] ?? 0];
    if (lower > 1 && (left >= right || upper >= n)) lower--;
    else upper++;
  }
  const [from, to] = [sorted[lower - 1], sorted[upper - 1]];
  return from === undefined || to === undefined ? null : { from, to };
}

/** How likely 0, 1, … n of n values lie below a quantile. In logarithms, for large n. */
function binomial(n: number, share: number): number[] {
  let log = n * Math.log(1 - share);
  return Array.from({ length: n + 1 }, (_, k) => {
    if (k > 0) log += Math.log((n - k + 1) / k) + Math.log(share / (1 - share));
    return Math.exp(log);
  });
}
