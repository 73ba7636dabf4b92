/** Numbers on a terminal: plain digits with plain spaces, which every font and every log viewer shows. */

/** `0.742 s`, `4.23 s`, `13.4 s`. */
export function secondsText(ms: number): string {
  const digits = Math.abs(ms) < 1000 ? 3 : Math.abs(ms) < 10_000 ? 2 : 1;
  return `${(ms / 1000).toFixed(digits)} s`;
}

/** `12 345`. */
export function countText(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ' ');
}
