import { describe, expect, test } from 'vitest';
import { type Prng, prng } from '../../lab/common/prng.ts';
import type { RunOutcome } from '../../lab/run/record.ts';
import type { Change, NightFigure, NightRun } from './night-store.ts';
import { trendOf } from './trend.ts';

const series = { scenario: 's', variant: 'hardened', timing: 'fast', server: '7.0.15' };

/** The first nights' ids. */
const upTo = (night: number) => Array.from({ length: night }, (_, i) => i + 1);

/** Values of one figure, night by night, from night 1. */
function figuresOf(nights: readonly (readonly number[])[], figure = 'longestOutageMs'): NightFigure[] {
  return nights.flatMap((values, i) =>
    values.map((value) => ({ ...series, night: i + 1, check: 'availability', figure, value })),
  );
}

/** About 1000 with a spread of 100. */
function night(random: Prng, runs: number, more = 0): number[] {
  const one = () => random.next() + random.next() + random.next() - 1.5;
  return Array.from({ length: runs }, () => 1000 + more + 200 * one());
}

function verdictOf(nights: readonly (readonly number[])[], changes: readonly Change[] = []) {
  return trendOf(upTo(nights.length), [], figuresOf(nights), changes).figures[0];
}

describe('a figure', () => {
  test('that left the nights before has changed, and in which direction', () => {
    const random = prng(1);
    const before = Array.from({ length: 20 }, () => night(random, 3));
    expect(verdictOf([...before, night(random, 3, 800)])).toMatchObject({
      verdict: 'changed',
      direction: 'higher',
      reference: 20,
    });
    expect(verdictOf([...before, night(random, 3, -800)])).toMatchObject({
      verdict: 'changed',
      direction: 'lower',
    });
    expect(verdictOf([...before, night(random, 3)])).toMatchObject({ verdict: 'unchanged' });
  });

  test('of one slow run among three has not: such runs happened before', () => {
    const random = prng(2);
    const before = Array.from({ length: 20 }, () => [...night(random, 2), 3000]);
    expect(verdictOf([...before, [990, 1010, 3100]])?.verdict).toBe('unchanged');
  });

  test('is held against no night from before its last change', () => {
    const random = prng(3);
    const nights = [
      ...Array.from({ length: 20 }, () => night(random, 3)),
      ...Array.from({ length: 8 }, () => night(random, 3, 800)),
    ];
    const change = { ...series, check: 'availability', figure: 'longestOutageMs', night: 21 };
    expect(verdictOf(nights, [change])).toMatchObject({ verdict: 'unchanged', reference: 7 });
    const again = [...nights, night(random, 3)];
    expect(verdictOf(again, [change])).toMatchObject({ verdict: 'changed', direction: 'lower' });
    // Asked again about the night itself, its own change does not count.
    expect(trendOf(upTo(21), [], figuresOf(nights.slice(0, 21)), [change]).figures[0]).toMatchObject({
      verdict: 'changed',
      reference: 20,
    });
  });

  test('is not tested before there are five nights, or with one run a night in ten of them', () => {
    const random = prng(4);
    const four = Array.from({ length: 4 }, () => night(random, 5));
    expect(verdictOf([...four, night(random, 5, 5000)])).toMatchObject({ verdict: 'too-few', p: null });
    const single = Array.from({ length: 10 }, () => night(random, 1));
    expect(verdictOf([...single, night(random, 1, 5000)])).toMatchObject({ verdict: 'too-few', p: null });
  });

  test('that was always the same is unchanged, and is not counted among what was tested', () => {
    const random = prng(5);
    const nights = [...Array.from({ length: 10 }, () => night(random, 3)), night(random, 3, 800)];
    const constant = Array.from({ length: 200 }, (_, i) =>
      figuresOf(Array(11).fill([0, 0, 0]), `constant${i}`),
    ).flat();
    const { figures } = trendOf(upTo(11), [], [...figuresOf(nights), ...constant], []);
    expect(figures.filter(({ verdict }) => verdict === 'changed').map(({ figure }) => figure)).toEqual([
      'longestOutageMs',
    ]);
  });

  test('which does not change alarms seldom: of 40 nights with 100 figures each, one at most', () => {
    const random = prng(6);
    let alarms = 0;
    for (let i = 0; i < 40; i++) {
      const all = Array.from({ length: 100 }, (_, n) =>
        figuresOf(
          Array.from({ length: 12 }, () => night(random, 3)),
          `figure${n}`,
        ),
      ).flat();
      if (trendOf(upTo(12), [], all, []).figures.some(({ verdict }) => verdict === 'changed')) alarms++;
    }
    expect(alarms).toBeLessThanOrEqual(1);
  });

  test('is ordered by the nights’ order, not by their numbers', () => {
    const random = prng(7);
    const all = figuresOf([night(random, 3, 800), ...Array.from({ length: 20 }, () => night(random, 3))]);
    expect(trendOf(upTo(21), [], all, []).figures[0]?.verdict).toBe('unchanged');
    expect(trendOf([...upTo(21).slice(1), 1], [], all, []).figures[0]?.verdict).toBe('changed');
  });

  test('that nobody measured tonight is not shown', () => {
    expect(trendOf(upTo(9), [], figuresOf([[1], [2]]), []).figures).toEqual([]);
  });
});

describe('a claim', () => {
  const runs = (night: number, ...outcomes: RunOutcome[]): NightRun[] =>
    outcomes.map((outcome, seed) => ({ ...series, night, outcome, seed }));

  test('has its earlier share with an interval, and tonight’s outcomes beside the last night’s', () => {
    const all = [
      ...runs(1, 'as-expected', 'as-expected', 'inconclusive'),
      ...runs(2, 'as-expected', 'unexpected'),
      ...runs(3, 'as-expected', 'lab-failed'),
    ];
    const [claim] = trendOf(upTo(3), all, [], []).claims;
    expect(claim).toMatchObject({
      before: { share: 0.75 },
      tonight: { asExpected: 1, unexpected: 0, inconclusive: 0, labFailed: 1 },
      outcome: 'lab-failed',
      previous: 'unexpected',
    });
  });

  test('that ran for the first time has nothing before it', () => {
    expect(trendOf(upTo(1), runs(1, 'as-expected'), [], []).claims).toMatchObject([
      { before: null, previous: null, outcome: 'as-expected' },
    ]);
    expect(trendOf(upTo(2), runs(1, 'as-expected'), [], []).claims).toEqual([]);
  });
});
