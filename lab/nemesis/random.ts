import type { Prng } from '../common/prng.ts';
import type { Fault } from '../faults/fault.ts';
import { at, type Line, type Schedule, schedule } from './schedule.ts';

export interface RandomOptions {
  /** What may be injected. */
  faults: readonly Fault[];
  /** How many faults, one after the other. */
  count: number;
  /** Quiet before each, in ms, from and to. */
  gapMs: readonly [number, number];
  /** How long each lasts, in ms, from and to. */
  lastsMs: readonly [number, number];
}

/** A schedule made from a seed: the same seed gives the same faults at the same times on roles chosen the same way. */
export function randomly(random: Prng, { faults, count, gapMs, lastsMs }: RandomOptions): Schedule {
  const between = ([least, most]: readonly [number, number]) =>
    Math.round(least + random.next() * (most - least));
  let line: Line = at(0);
  for (let i = 0; i < count; i++) {
    line = line.then(between(gapMs)).inject(random.pick(faults)).for(between(lastsMs));
  }
  return schedule(line);
}
