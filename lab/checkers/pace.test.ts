import { expect, it } from 'vitest';
import type { Pace } from '../history/observations.ts';
import { pace } from './pace.ts';

const kept: Pace = { speed: 10, latestMs: 40, lateP99Ms: 5, busyShare: 0.5, answerP50Ms: 2 };
const judged = (seen?: Partial<Pace>, decidingMs = 1000, more: Record<string, number> = {}) =>
  pace({ decidingMs, ...more }).check({
    history: { clients: [], operations: [], finalReads: [] },
    seen: {
      durationMs: 1000,
      nodes: [],
      roles: [],
      events: [],
      faults: [],
      samples: [],
      loadWindow: { from: 0, to: 1000 },
      ...(seen === undefined ? {} : { pace: { ...kept, ...seen } }),
    },
  });

it('is valid where the lab kept up', () => {
  expect(judged({})).toMatchObject({
    verdict: 'valid',
    summary: 'at speed 10 timers were at most 40 ms of lab time late (processors busy for 50 % of the time)',
    figures: kept,
  });
});

it.each([
  [{ latestMs: 101 }, 'a timer was 101 ms late, allowed are 100 ms'],
  [{ lateP99Ms: 11 }, '1 of 100 timers was at least 11 ms late, allowed are 10 ms'],
  [{ answerP50Ms: 12 }, 'every other answer of a data node took at least 12 ms, allowed are 10 ms'],
])('is unknown where it did not: %j', (seen, why) => {
  expect(judged(seen)).toMatchObject({
    verdict: 'unknown',
    summary: `the machine was too slow for speed 10: ${why} (processors busy for 50 % of the time)`,
  });
});

it('is unknown where every processor was busy all the time, whatever the lab’s own timers say', () => {
  expect(judged({ busyShare: 0.97 })).toMatchObject({
    verdict: 'unknown',
    summary:
      'the machine was too slow for speed 10: there was no processor to spare, allowed are 95 % (processors busy for 97 % of the time)',
  });
  expect(judged({ busyShare: null }).verdict).toBe('valid');
});

it('is as strict as the claim needs', () => {
  const late = { latestMs: 900, lateP99Ms: 300, busyShare: 1 };
  expect(judged(late).verdict).toBe('unknown');
  const lenient = { worstMs: 1000, usualMs: 500, maxBusyShare: 1 };
  expect(judged(late, 1000, lenient).verdict).toBe('valid');
  expect(judged({ ...late, lateP99Ms: 501 }, 1000, lenient).verdict).toBe('unknown');
});

it('allows more where nobody decides as fast', () => {
  expect(judged({ latestMs: 101, lateP99Ms: 11, answerP50Ms: 12 }, 30_000).verdict).toBe('valid');
});

it('is unknown where nobody looked', () => {
  expect(judged().verdict).toBe('unknown');
});
