/** All that a counter counted, from the values it had: it begins at 0, and anew each time that it falls. */
export function counterTotal(values: readonly number[]): number {
  let sum = 0;
  let last = 0;
  for (const value of values) {
    sum += value < last ? value : value - last;
    last = value;
  }
  return sum;
}
