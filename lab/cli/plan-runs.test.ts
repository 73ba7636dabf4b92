import { expect, it } from 'vitest';
import { UsageError } from '../common/errors.ts';
import type { TimingName } from '../run/record.ts';
import { catalogue, type LoadedScenario } from '../scenario/catalogue.ts';
import { planRuns, shardOf } from './plan-runs.ts';

const scenarios = await catalogue();
const some = (timings?: TimingName[]): LoadedScenario[] =>
  scenarios.slice(0, 1).map(({ scenario, file }) => ({
    file,
    scenario: timings === undefined ? scenario : { ...scenario, timings },
  }));
const options = { variants: ['vulnerable', 'hardened'], timing: undefined, seed: 40, repeat: 2 } as const;

it('keeps the variants of a repetition together and counts the seed up', () => {
  const plans = planRuns(some(), options).map(({ variant, seed, timing }) => [variant, seed, timing]);
  expect(plans).toEqual([
    ['vulnerable', 40, 'fast'],
    ['hardened', 40, 'fast'],
    ['vulnerable', 41, 'fast'],
    ['hardened', 41, 'fast'],
  ]);
});

it('runs each mitigation alone when all variants are asked for, and refuses one that there is not', () => {
  const mitigated = some().map(({ scenario, file }) => ({
    file,
    scenario: { ...scenario, mitigations: { lease: 'one fills', jitter: 'not at once' } },
  }));
  const names = (variants: Parameters<typeof planRuns>[1]['variants']) =>
    planRuns(mitigated, { ...options, variants, repeat: 1 }).map(({ variant }) => variant);
  expect(names('all')).toEqual(['vulnerable', 'only-lease', 'only-jitter', 'hardened']);
  expect(names(['only-jitter'])).toEqual(['only-jitter']);
  expect(() => names(['only-leese'])).toThrow(/has no variant "only-leese"; did you mean "only-lease"\?/);
  expect(planRuns(some(), { ...options, variants: 'all', repeat: 1 })).toHaveLength(2);
});

it('takes the timing that a scenario has, and refuses one that it has not', () => {
  expect(planRuns(some(['production']), options)[0]?.timing).toBe('production');
  expect(() => planRuns(some(['production']), { ...options, timing: 'fast' })).toThrow(UsageError);
});

it('deals the scenarios out to shards, each to exactly one, neighbours to different ones', () => {
  const names = [1, 2, 3].map((index) =>
    shardOf(scenarios.slice(0, 5), { index, count: 3 }).map(({ scenario }) => scenario.name),
  );
  const [a, b, c, d, e] = scenarios.map(({ scenario }) => scenario.name);
  expect(names).toEqual([[a, d], [b, e], [c]]);
});
