/** Two samples compared by their ranks. */
export interface RankTest {
  /** How likely samples of the same distribution differ at least so much, either way. */
  p: number;
  /** How likely a value of the first is above one of the second; ties count half. 0.5: neither. */
  above: number;
}

/** Beyond so many steps the exact distribution is not counted out. */
const MOST_STEPS = 3_000_000;

/**
 * Mann and Whitney's test ("On a test of whether one of two random variables is stochastically larger than the other",
 * 1947), two-sided. Ranks only count, so neither outliers nor the shape of the distribution matter. Exact, also with
 * ties, as long as that is quick: the rank sums of all subsets of the first sample's size are counted. For large samples
 * by the normal distribution, with corrections for ties and continuity. p is 1 when a sample is empty.
 */
export function rankTest(first: readonly number[], second: readonly number[]): RankTest {
  const [n, m] = [first.length, second.length];
  if (n === 0 || m === 0) return { p: 1, above: 0.5 };
  const ranks = doubledRanks([...first, ...second]);
  const sum = total(ranks.slice(0, n));
  const least = n * (n + 1);
  const above = (sum - least) / (2 * n * m);
  const most = total(ranks);
  const p = (n + m) * n * most <= MOST_STEPS ? exact(ranks, n, sum) : normal(ranks, n, sum);
  return { p, above };
}

/** Whether two samples of these sizes could be told apart at all at a level: two of all ways to choose them are the extreme ones. */
export function canTell(first: number, second: number, level: number): boolean {
  let ways = 1;
  for (let i = 1; i <= first && ways < 2 / level; i++) ways = (ways * (second + i)) / i;
  return 2 / ways <= level;
}

/** Twice each value's rank, so that the mean rank of ties is whole. */
function doubledRanks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Array<number>(values.length).fill(0);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1] ?? 0] === values[order[from] ?? 0]) to++;
    for (let i = from; i <= to; i++) ranks[order[i] ?? 0] = from + to + 2;
    from = to + 1;
  }
  return ranks;
}

/** How many of all subsets of `n` ranks have a sum at least as far from the mean one. */
function exact(ranks: readonly number[], n: number, sum: number): number {
  const most = total(ranks);
  const counts = Array.from({ length: n + 1 }, () => new Float64Array(most + 1));
  const none = counts[0];
  if (none !== undefined) none[0] = 1;
  for (const rank of ranks) {
    for (let size = n; size > 0; size--) {
      const [here, fewer] = [counts[size], counts[size - 1]];
      if (here === undefined || fewer === undefined) continue;
      for (let s = most; s >= rank; s--) here[s] = (here[s] ?? 0) + (fewer[s - rank] ?? 0);
    }
  }
  const mean = (n * most) / ranks.length;
  const distance = Math.abs(sum - mean);
  let [asFar, all] = [0, 0];
  for (const [s, count] of (counts[n] ?? []).entries()) {
    all += count;
    if (Math.abs(s - mean) >= distance - 1e-9) asFar += count;
  }
  return Math.min(1, asFar / all);
}

function normal(doubled: readonly number[], n: number, doubledSum: number): number {
  const size = doubled.length;
  const m = size - n;
  const ties = total([...Map.groupBy(doubled, (rank) => rank).values()].map(({ length: t }) => t ** 3 - t));
  const variance = ((n * m) / 12) * (size + 1 - ties / (size * (size - 1)));
  if (variance === 0) return 1;
  const distance = Math.abs(doubledSum / 2 - (n * (size + 1)) / 2);
  return Math.min(1, 2 * upperTail(Math.max(0, distance - 0.5) / Math.sqrt(variance)));
}

/** P(Z ≥ z) of a standard normal one, z ≥ 0, to 1.2e-7 of itself: erfc by a Chebyshev fit (Numerical Recipes, 2nd edition, 6.2). */
function upperTail(z: number): number {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const terms = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
    -0.82215223, 0.17087277,
  ];
  return (t / 2) * Math.exp(-x * x + terms.reduceRight((sum, term) => sum * t + term, 0));
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
