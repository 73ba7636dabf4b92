import { randomInt } from 'node:crypto';
import { UsageError } from '../common/errors.ts';
import type { TimingName, VariantName } from '../run/record.ts';
import { scenariosNamed } from '../scenario/catalogue.ts';
import { BASE_VARIANTS } from '../scenario/variants.ts';
import { type InvokeOptions, invoke } from './invoke.ts';
import { randomSeeds } from './option-values.ts';
import { planRuns, type Shard, shardOf } from './plan-runs.ts';
import type { Streams } from './setup.ts';

/** The options of `lab run`, parsed. */
export interface RunOptions extends InvokeOptions {
  headline?: boolean;
  variant?: VariantName;
  /** Each of a scenario's mitigations alone, too. */
  mitigations?: boolean;
  seed?: number;
  timing?: TimingName;
  speed?: number;
  repeat?: number;
  shard?: Shard;
}

/** `lab run`. Returns the exit code; throws UsageError and LabError. */
export async function runCommand(
  names: readonly string[],
  options: RunOptions,
  streams: Streams,
): Promise<number> {
  const all = await scenariosNamed(names, options.headline ?? false);
  const scenarios = options.shard === undefined ? all : shardOf(all, options.shard);
  const plans = planRuns(scenarios, {
    variants: variantsFor(options),
    timing: options.timing,
    speed: options.speed,
    seed: options.seed ?? randomInt(randomSeeds),
    repeat: options.repeat ?? 1,
  });
  return invoke(plans, options, streams);
}

function variantsFor({ variant, mitigations = false }: RunOptions): readonly VariantName[] | 'all' {
  if (variant === undefined) return mitigations ? 'all' : BASE_VARIANTS;
  if (mitigations) throw new UsageError('expected either --variant or --mitigations, got both');
  return [variant];
}
