import { expect, it } from 'vitest';
import { UsageError } from '../common/errors.ts';
import type { TimingName } from '../run/record.ts';
import { catalogue, type LoadedScenario } from '../scenario/catalogue.ts';
import { planRuns } from './plan-runs.ts';

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

it('takes the timing that a scenario has, and refuses one that it has not', () => {
  expect(planRuns(some(['production']), options)[0]?.timing).toBe('production');
  expect(() => planRuns(some(['production']), { ...options, timing: 'fast' })).toThrow(UsageError);
});
