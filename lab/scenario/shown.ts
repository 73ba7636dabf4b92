/** A value in an error, cut where it is long. */
export function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  return value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value)).slice(0, 120);
}
