import { number } from '../units.ts';

/** A round time that an axis names. */
export interface Tick {
  /** In ms, on the axis's own clock. */
  at: number;
  text: string;
}

const steps = [1, 2, 5];

/** At most eight round times from one to the other, all with the same number of digits. */
export function ticksOf(fromMs: number, toMs: number): Tick[] {
  for (let decade = 0.1; ; decade *= 10) {
    for (const step of steps) {
      const every = step * decade;
      if ((toMs - fromMs) / every > 7) continue;
      const first = Math.ceil(fromMs / every);
      const count = Math.floor(toMs / every) - first + 1;
      return Array.from({ length: count }, (_, i) => {
        const at = (first + i) * every;
        return { at, text: tickText(every, at) };
      });
    }
  }
}

/** On which side of its tick a text stands, so that it is not cut off at the edges; by the tick's place in percent. */
export function anchorAt(percent: number): 'start' | 'middle' | 'end' {
  return percent < 4 ? 'start' : percent > 94 ? 'end' : 'middle';
}

function tickText(every: number, ms: number): string {
  const digits = every >= 100 ? 1 : every >= 10 ? 2 : every >= 1 ? 3 : 4;
  const [whole = '0', rest = ''] = (Math.abs(ms) / 1000).toFixed(digits).split('.');
  return `${ms < 0 ? '−' : ''}${number(Number(whole))}.${rest}\u202fs`;
}
