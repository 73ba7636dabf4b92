import { UsageError } from '../common/errors.ts';
import { withNearest } from '../common/nearest-name.ts';
import { prng } from '../common/prng.ts';
import type { BaseVariant, VariantName } from '../run/record.ts';
import { TIMINGS } from '../topology/timing.ts';
import type { Experiment, ExperimentContext, Scenario } from './scenario.ts';

/** The two variants that every scenario has, in the order in which they run. */
export const BASE_VARIANTS: readonly BaseVariant[] = ['vulnerable', 'hardened'];

const ONLY = 'only-';

/** What an experiment is told of the variant that it is to be. */
export function variantContext(
  variant: VariantName,
): Pick<ExperimentContext, 'variant' | 'hardened' | 'mitigation'> {
  const mitigation = variant.startsWith(ONLY) ? variant.slice(ONLY.length) : null;
  return { variant, hardened: variant === 'hardened', mitigation };
}

/** A scenario's variants by name, in the order in which they run: vulnerable, each mitigation alone, hardened. */
export function variantsOf({ mitigations = {} }: Pick<Scenario, 'mitigations'>): VariantName[] {
  return ['vulnerable', ...Object.keys(mitigations).map((name): VariantName => `${ONLY}${name}`), 'hardened'];
}

/** What a variant is, in a sentence. UsageError when the scenario has none of this name. */
export function summaryOf(
  scenario: Pick<Scenario, 'name' | 'variants' | 'mitigations'>,
  variant: VariantName,
): string {
  const { mitigation } = variantContext(variant);
  const { variants, mitigations = {} } = scenario;
  const text = mitigation === null ? variants[variant as BaseVariant] : mitigations[mitigation];
  if (text !== undefined) return text;
  const message = `${scenario.name} has no variant ${JSON.stringify(variant)}`;
  throw new UsageError(withNearest(message, variant, variantsOf(scenario)));
}

/** The experiment of a variant as it is before any run, with the scenario's first timing and a fixed seed. */
export function experimentOf(scenario: Scenario, variant: VariantName): Experiment {
  const timing = TIMINGS[scenario.timings?.[0] ?? 'fast'];
  return scenario.experiment({ ...variantContext(variant), timing, random: prng(1) });
}
