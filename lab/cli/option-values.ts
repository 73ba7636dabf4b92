import { InvalidArgumentError } from 'commander';
import { withNearest } from '../common/nearest-name.ts';
import type { BackendName } from '../run/place.ts';
import type { TimingName, VariantName } from '../run/record.ts';
import type { StandingLoad } from '../scenario/standing.ts';
import { BASE_VARIANTS } from '../scenario/variants.ts';
import { isSpeed, SPEEDS } from '../time/speed.ts';
import type { Shard } from './plan-runs.ts';

export const timingNames: readonly TimingName[] = ['fast', 'production'];

export const backendNames: readonly (BackendName | 'auto')[] = ['namespaces', 'containers', 'auto'];

export const loadNames: readonly StandingLoad[] = ['none', 'light', 'own'];

/** Random seeds stay below this, so that they are easy to read out and to type. */
export const randomSeeds = 2 ** 31;

/** A parser of whole numbers from `least` on, for commander. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`Expected a whole number of at least ${least}.`);
  };
}

/** A parser of a speed, for commander. */
export function speed(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (isSpeed(value)) return value;
  throw new InvalidArgumentError(`Expected ${SPEEDS}.`);
}

/** A parser of a TCP port that may be listened on, for commander. */
export function portNumber(text: string): number {
  const value = wholeNumber(1)(text);
  if (value <= 65_535) return value;
  throw new InvalidArgumentError('Expected a port from 1 to 65535.');
}

/** A parser of `2/5`, for commander: the second of five parts. */
export function shard(text: string): Shard {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const parsed = { index: Number(index), count: Number(count) };
  if (parsed.index >= 1 && parsed.index <= parsed.count) return parsed;
  throw new InvalidArgumentError('Expected one of several parts, as 2/5.');
}

/** A parser of a variant's name, for commander; which mitigations there are says the scenario. */
export function variantName(text: string): VariantName {
  return /^only-[a-z0-9-]+$/.test(text) ? (text as VariantName) : oneOf('variant', BASE_VARIANTS)(text);
}

/** A parser of one of a few names, for commander; says which one may have been meant. */
export function oneOf<N extends string>(what: string, names: readonly N[]): (text: string) => N {
  return (text) => {
    const name = names.find((each) => each === text);
    if (name !== undefined) return name;
    throw new InvalidArgumentError(withNearest(`There is no ${what} ${JSON.stringify(text)}`, text, names));
  };
}

/** Collects an option that may be given more than once, for commander. */
export function several(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
