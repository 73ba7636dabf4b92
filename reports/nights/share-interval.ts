/** A share with what can be said about it. */
export interface ShareInterval {
  share: number;
  /** The interval's ends. */
  from: number;
  to: number;
}

/** Of a standard normal distribution, two-sided 95 %. */
const Z = 1.959964;

/**
 * How often something happens, given how often it did: Wilson's score interval of 95 % ("Probable inference, the law of
 * succession, and statistical inference", 1927), which holds for few runs and for shares of 0 and 1 too. Null without runs.
 */
export function shareInterval(hits: number, runs: number): ShareInterval | null {
  if (runs === 0) return null;
  const share = hits / runs;
  const middle = (share + Z ** 2 / (2 * runs)) / (1 + Z ** 2 / runs);
  const half = (Z * Math.sqrt((share * (1 - share)) / runs + Z ** 2 / (4 * runs ** 2))) / (1 + Z ** 2 / runs);
  return { share, from: Math.max(0, middle - half), to: Math.min(1, middle + half) };
}
