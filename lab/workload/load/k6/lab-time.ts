import { config } from './config.ts';

/** k6 lives in real time, which its scripts neither see nor speak: here is where one becomes the other. */
const { speed, sameUnixMs } = config.labTime;

/** How long in real time some time of the lab lasts. */
export function realMs(labMs: number): number {
  return labMs / speed;
}

/** The time of day that the lab's clock shows, in Unix ms. */
export function labUnixMs(unixMs: number): number {
  return sameUnixMs + (unixMs - sameUnixMs) * speed;
}

/** µs of the lab's time, whole, in some ms of real time. */
export function labUs(ms: number): number {
  return Math.round(ms * 1000 * speed);
}
