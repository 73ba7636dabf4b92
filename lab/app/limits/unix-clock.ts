/** Unix time in µs by this process's clock. It does not go back: the system's clock when the process began, and the time that passed since. */
export function unixUs(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}
