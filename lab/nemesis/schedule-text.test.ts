import { describe, expect, it } from 'vitest';
import type { Fault } from '../faults/fault.ts';
import { demotion, promotion, switchAnnounced } from './condition.ts';
import { at, type Line, schedule } from './schedule.ts';
import { scheduleText } from './schedule-text.ts';

/** A fault of which only the text is asked for. */
function fault(text: string): Fault {
  return { name: 'x', text, inject: () => Promise.reject(new Error('not to be injected')) };
}

const soon = { withinMs: 12_000 };
const isolate = at(500).inject(fault('isolate the primary'));

describe('scheduleText', () => {
  it.each<[string, Line]>([
    [
      'at 0.5 s: isolate the primary; once a switch is announced (12 s at most), wait 3.3 s; then heal',
      isolate.once(switchAnnounced, soon).then(3300),
    ],
    [
      'at 0.5 s: isolate the primary until a switch is announced (12 s at most), then heal',
      isolate.until(switchAnnounced, soon),
    ],
    [
      'at 0.5 s: isolate the primary until a promotion is seen (12 s at most), then heal; then kill b for 0.02 s, then heal',
      isolate.until(promotion, soon).then().inject(fault('kill b')).for(20),
    ],
    [
      'at 0.5 s: isolate the primary until a switch is announced (12 s at most), then heal; wait until a demotion is seen (12 s at most)',
      isolate.until(switchAnnounced, soon).once(demotion, soon),
    ],
    [
      'at 0.5 s: isolate the primary; wait 0.4 s; then kill b; once a promotion is seen (12 s at most), kill c; then heal',
      isolate.then(400).inject(fault('kill b')).once(promotion, soon).inject(fault('kill c')).then(1).then(0),
    ],
    ['at 0 s: restart a; healed at the end', at(0).inject(fault('restart a'))],
  ])('%s', (text, line) => {
    expect(scheduleText(schedule(line))[0]?.replace('; wait 0.001 s', '')).toBe(text);
  });

  it('says of several lines that a fault stays until all have ended, and only of those that have one left', () => {
    expect(scheduleText(schedule(isolate, at(1000).inject(fault('pause b')).for(2000)))).toEqual([
      'at 0.5 s: isolate the primary; healed when all lines have ended',
      'at 1 s: pause b for 2 s, then heal',
    ]);
  });
});
