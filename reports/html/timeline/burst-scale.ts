import { number } from '../units.ts';

/**
 * How high a picture's scale reaches: to the highest value; or, where a burst (clients that catch up after a pause)
 * would flatten all else, to twice what is usual. `peak` is the highest value, at least 1.
 */
export function burstScale(highest: readonly number[]): { top: number; peak: number } {
  const busy = highest.filter((perSecond) => perSecond > 0).sort((a, b) => a - b);
  const usual = busy[Math.floor(busy.length * 0.9)] ?? 1;
  const peak = Math.max(1, ...highest);
  return { top: peak > usual * 5 ? usual * 2 : peak, peak };
}

export function scaleText(top: number, peak: number): string {
  const shown = `top ${number(Math.ceil(top))}/s`;
  return peak > top ? `${shown}, cut off above it: peak ${number(Math.ceil(peak))}/s` : shown;
}
