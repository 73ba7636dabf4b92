/** A limit as a scenario names it, with all times in µs. */
export interface Limit {
  algorithm: LimitAlgorithm;
  /** How many: the limit of a window, the capacity of a bucket. */
  most: number;
  /** The window, or the time in which a bucket is filled (drained) whole: what lies further back does not matter. */
  periodUs: number;
  /** Buckets: the time for one. */
  costUs: number;
  /** The run's start in Unix µs: windows are aligned to Unix time. */
  startUs: number;
  /** How far a recorded time may be off. */
  toleranceUs: number;
}

export const limitAlgorithms = [
  'fixed-window',
  'sliding-log',
  'sliding-counter',
  'token-bucket',
  'leaky-bucket',
] as const;
export type LimitAlgorithm = (typeof limitAlgorithms)[number];

/** Whether windows of this algorithm begin at multiples of their length in Unix time. */
export const isAligned = (algorithm: LimitAlgorithm) =>
  algorithm === 'fixed-window' || algorithm === 'sliding-counter';

/** Takes the admissions of one key in order; false for one that an exact limiter would have refused, which it then does not count. */
export type Replay = (atUs: number) => boolean;

/**
 * An exact limiter for one key. A sequence keeps to its definition exactly when none of it is refused here; the
 * refused are the least number that would have to go.
 */
export function replayOf(limit: Limit): Replay {
  switch (limit.algorithm) {
    case 'fixed-window':
      return fixedWindow(limit);
    case 'sliding-log':
      return slidingLog(limit);
    case 'sliding-counter':
      return slidingCounter(limit);
    case 'token-bucket':
    case 'leaky-bucket':
      return bucket(limit);
  }
}

/** A time at a boundary, within the tolerance, counts in whichever of both windows has room. */
function fixedWindow({ most, periodUs, startUs, toleranceUs }: Limit): Replay {
  let window = Number.NEGATIVE_INFINITY;
  let count = 0;
  let next = 0;
  return (at) => {
    const early = Math.floor((at + startUs - toleranceUs) / periodUs);
    const late = Math.floor((at + startUs + toleranceUs) / periodUs);
    if (early > window) {
      count = early === window + 1 ? next : 0;
      next = 0;
      window = early;
    }
    if (count < most) {
      count++;
      return true;
    }
    if (late === early || next >= most) return false;
    next++;
    return true;
  };
}

/** In every (t − window, t]: the one that is `most` places before lies at least a window back. */
function slidingLog({ most, periodUs, toleranceUs }: Limit): Replay {
  const ring: number[] = [];
  let at = 0;
  return (time) => {
    const oldest = ring[at];
    if (oldest !== undefined && time - oldest < periodUs - 2 * toleranceUs) return false;
    ring[at] = time;
    at = at + 1 === most ? 0 : at + 1;
    return true;
  };
}

/** previous × (its share in the sliding window) + current + 1 ≤ most. A time at a boundary is not held against it. */
function slidingCounter({ most, periodUs, startUs, toleranceUs }: Limit): Replay {
  let window = Number.NEGATIVE_INFINITY;
  let current = 0;
  let previous = 0;
  return (at) => {
    const unix = at + startUs;
    const now = Math.floor(unix / periodUs);
    if (now > window) {
      previous = now === window + 1 ? current : 0;
      current = 0;
      window = now;
    }
    const since = unix - now * periodUs;
    const left = Math.max(0, periodUs - since - 2 * toleranceUs);
    const fits = previous * left + (current + 1) * periodUs <= most * periodUs;
    if (!fits && since > toleranceUs && periodUs - since > toleranceUs) return false;
    current++;
    return true;
  };
}

/**
 * In every [s, e]: most + (e − s) / cost. Equivalent, and one pass: a bucket that is full at first, filled by 1 in each
 * cost, never above its brim, and from which every admission takes one that is there.
 */
function bucket({ most, costUs, toleranceUs }: Limit): Replay {
  const full = most * costUs;
  let credit = full;
  let since = 0;
  return (at) => {
    credit = Math.min(full, credit + Math.max(0, at - since));
    since = Math.max(since, at);
    if (credit < costUs - 2 * toleranceUs - 1e-6) return false;
    credit -= costUs;
    return true;
  };
}
