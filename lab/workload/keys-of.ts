import { slotOf } from '../common/key-slot.ts';
import type { FinalRead } from '../history/operation.ts';
import type { KeySlots, RedisWorkload } from './workload.ts';

/** What a workload's keys hold, in the words of the final read. */
const subjects = { set: 'set', registers: 'register', counters: 'counter' } as const;

/**
 * The keys that a workload touches, and what they hold: `<name>:0`, `<name>:1`, … unless its `keySlots` say otherwise.
 * One that reads another's keys (`keysOf`) has that one's name in them.
 */
export function keysOf(workload: RedisWorkload): { subject: FinalRead['subject']; keys: readonly string[] } {
  // What locks leave behind is of no interest: the work under them was done elsewhere.
  if (workload.kind === 'locks') return { subject: 'set', keys: [] };
  return { subject: subjects[workload.kind], keys: namesOf(workload) };
}

/** Those that were looked for: every client of a process asks. */
const chosen = new WeakMap<RedisWorkload, readonly string[]>();

function namesOf(workload: RedisWorkload): readonly string[] {
  const { keys: count, keySlots } = workload;
  const name = (workload.kind === 'registers' ? workload.keysOf : undefined) ?? workload.name;
  if (keySlots === undefined) return numbered(name, count);
  if ('tag' in keySlots) return numbered(`${name}:{${keySlots.tag}}`, count);
  if ('slotOfKey' in keySlots) return Object.keys(keySlots.slotOfKey);
  const known = chosen.get(workload) ?? inRanges(name, count, keySlots);
  chosen.set(workload, known);
  return known;
}

function numbered(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, k) => `${prefix}:${k}`);
}

/** Counts up until enough keys have been met that lie in the ranges, as many in each. */
function inRanges(
  name: string,
  count: number,
  { ranges }: Extract<KeySlots, { ranges: unknown }>,
): readonly string[] {
  const wanted = ranges.map(([from, to], r) => ({
    from,
    to,
    left: Math.floor(count / ranges.length) + (r < count % ranges.length ? 1 : 0),
  }));
  const found: string[] = [];
  for (let number = 0; found.length < count; number++) {
    const key = `${name}:${number}`;
    const slot = slotOf(key);
    const range = wanted.find(({ from, to, left }) => left > 0 && slot >= from && slot <= to);
    if (range === undefined) continue;
    range.left--;
    found.push(key);
  }
  return found;
}
