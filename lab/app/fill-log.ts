import type { FillLog } from './context.ts';

/** One fill, with its number. */
export interface Fill {
  key: string;
  version: number;
  /** Unix ms. */
  at: number;
}

/** A log of the last fills that can be read from a number on. */
export interface ReadableFillLog extends FillLog {
  /** The fills from number `after` on that are still kept, and the number to ask with next. */
  since(after: number): { next: number; fills: Fill[] };
}

/** Keeps the last `capacity` fills in a ring. */
export function fillLog(capacity = 100_000): ReadableFillLog {
  const ring: Fill[] = [];
  let next = 0;
  return {
    add(key, version, at) {
      ring[next % capacity] = { key, version, at };
      next += 1;
    },
    since(after) {
      const fills: Fill[] = [];
      for (let n = Math.max(0, after, next - capacity); n < next; n += 1) {
        const fill = ring[n % capacity];
        if (fill !== undefined) fills.push(fill);
      }
      return { next, fills };
    },
  };
}
