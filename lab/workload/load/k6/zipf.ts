/**
 * Ranks 1 to `count`, rank r with a probability proportional to 1 / r^exponent; 0: all alike. By rejection-inversion
 * (Hörmann and Derflinger, 1996), which needs no table: a thousand virtual users with one each would need gigabytes.
 */
export function zipf(count: number, exponent: number, random: () => number): () => number {
  const integral = (x: number) => (exponent === 1 ? Math.log(x) : (x ** (1 - exponent) - 1) / (1 - exponent));
  const inverse = (y: number) =>
    exponent === 1 ? Math.exp(y) : Math.max(0, 1 + y * (1 - exponent)) ** (1 / (1 - exponent));
  const weight = (x: number) => x ** -exponent;
  const from = integral(1.5) - 1;
  const to = integral(count + 0.5);
  const always = 2 - inverse(integral(2.5) - weight(2));
  return () => {
    for (;;) {
      const y = to + random() * (from - to);
      const x = inverse(y);
      const rank = Math.min(count, Math.max(1, Math.round(x)));
      if (rank - x <= always || y >= integral(rank + 0.5) - weight(rank)) return rank;
    }
  };
}
