/** Unix time in µs by this process's clock. It does not go back: the system's clock when the process began, and the time that passed since. */
export function unixUs(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}

/**
 * Unix time in µs as the machine's clock has it, which may be set while the process runs. It counts in whole ms; the µs
 * only keep what falls into the same one apart.
 */
export function timeOfDayUs(): number {
  return Date.now() * 1000 + (Math.round(performance.now() * 1000) % 1000);
}
