import type { FinalRead } from '../history/operation.ts';
import type { RedisWorkload } from './workload.ts';

/** What a workload's keys hold, in the words of the final read. */
const subjects = { set: 'set', registers: 'register', counters: 'counter' } as const;

/** The keys that a workload touches, and what they hold: `<name>:0`, `<name>:1`, … */
export function keysOf(workload: RedisWorkload): { subject: FinalRead['subject']; keys: readonly string[] } {
  return {
    subject: subjects[workload.kind],
    keys: Array.from({ length: workload.keys }, (_, k) => `${workload.name}:${k}`),
  };
}
