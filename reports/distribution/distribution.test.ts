import { describe, expect, it } from 'vitest';
import type { LabEvent } from '../../lab/history/observations.ts';
import { splitBrainSample } from '../data/sample.ts';
import { distributionOf, type KeptRun, phasesOf } from './distribution.ts';
import { distributionLines } from './distribution-lines.ts';
import { renderDistribution } from './render-distribution.ts';

/** A run with these figures of its recovery, and further events. */
function run(
  seed: number,
  figures: Record<string, number | null>,
  ...events: Pick<LabEvent, 'kind' | 'text'>[]
): KeptRun {
  const sample = splitBrainSample();
  const checks = sample.checks.map((check) => (check.name === 'recovery' ? { ...check, figures } : check));
  const more = events.map((event) => ({ at: 3000, source: 'sentinel-1', ...event }));
  return {
    dir: `runs/${seed}`,
    document: { ...sample, seed, checks, seen: { ...sample.seen, events: [...sample.seen.events, ...more] } },
  };
}

const usual = Array.from({ length: 20 }, (_, i) => run(i, { sdownMs: 1000 + i, promotionMs: 1500 + 2 * i }));

describe('over many runs', () => {
  it('a figure has its quantiles, and says how many runs do not have it', () => {
    const found = distributionOf([...usual, run(20, { promotionMs: null })], 'recovery', 'promotionMs');
    expect(found).toMatchObject({ missing: 1, outliers: [] });
    expect(found?.quantiles.map(({ value }) => value)).toEqual([1518, 1534, 1538]);
  });

  it('each step also has how long it took after the one before', () => {
    const phases = phasesOf(usual, 'recovery');
    expect(phases.map(({ figure }) => figure)).toEqual(['sdownMs', 'promotionMs', 'promotionMs − sdownMs']);
    expect(phases[2]?.values[0]).toBe(500);
  });

  it('a figure that no run has is none', () => {
    expect(distributionOf(usual, 'recovery', 'nonsenseMs')).toBeNull();
    expect(distributionOf(usual, 'nonsense', 'promotionMs')).toBeNull();
  });
});

describe('a run that lies far out', () => {
  const causeOf = (...events: Pick<LabEvent, 'kind' | 'text'>[]) =>
    distributionOf([...usual, run(99, { promotionMs: 9000 }, ...events)], 'recovery', 'promotionMs')
      ?.outliers;

  it.each([
    [[{ kind: '-failover-abort-not-elected', text: '' }], 'a lost election (sentinel-1)'],
    [
      [
        { kind: '+vote-for-leader', text: '+vote-for-leader aaa 7' },
        { kind: '+vote-for-leader', text: '+vote-for-leader bbb 7' },
      ],
      'a split vote (epoch 7)',
    ],
    [[{ kind: '+tilt', text: '' }], 'a Sentinel stood back (TILT) (sentinel-1)'],
  ])('is named with its cause: %#', (events, cause) => {
    expect(causeOf(...events)).toEqual([{ value: 9000, dir: 'runs/99', seed: 99, cause }]);
  });

  it('without one says so', () => {
    expect(causeOf()).toMatchObject([{ cause: 'the events say nothing' }]);
  });

  it('stands in the terminal and on the page', () => {
    const runs = [...usual, run(99, { promotionMs: 9000 })];
    const found = phasesOf(runs, 'recovery');
    expect(distributionLines(found).join('\n')).toContain('seed 99: the events say nothing: runs/99');
    expect(renderDistribution(runs, found)).toContain('runs/99');
  });
});

it('one that is as the others does not', () => {
  expect(distributionOf(usual, 'recovery', 'promotionMs')?.outliers).toEqual([]);
});
