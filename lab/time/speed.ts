/** The highest speed that may be asked for; what a machine holds is less, and a run says when it did not. */
export const MOST_SPEED = 100;

/** What a speed may be, in words. */
export const SPEEDS = `a number above 0 and at most ${MOST_SPEED}`;

/** Whether lab time can go so many times as fast as real time. Speeds are kept in thousandths. */
export function isSpeed(value: unknown): value is number {
  return typeof value === 'number' && value >= 0.001 && value <= MOST_SPEED;
}
