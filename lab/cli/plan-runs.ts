import { UsageError } from '../common/errors.ts';
import type { TimingName, VariantName } from '../run/record.ts';
import type { LoadedScenario } from '../scenario/catalogue.ts';
import type { StandingSpec } from '../scenario/standing.ts';
import { experimentOf, summaryOf, variantsOf } from '../scenario/variants.ts';
import { timingNames } from './option-values.ts';

/** One run that is to be made. */
export interface PlannedRun extends LoadedScenario {
  variant: VariantName;
  timing: TimingName;
  seed: number;
  /** How many times as fast as real time. */
  speed: number;
  /** Which server, as --redis has it. Default: that of all runs. */
  redis?: string;
  /** For a lab that stands and is broken by orders (`lab up`). */
  standing?: StandingSpec;
}

export interface PlanOptions {
  /** Which of a scenario's variants, or `all`, its mitigations included. */
  variants: readonly VariantName[] | 'all';
  /** Undefined: `fast`, or what a scenario has instead. */
  timing: TimingName | undefined;
  seed: number;
  repeat: number;
  /** Undefined: the scenario's own, else 1. */
  speed?: number | undefined;
}

/**
 * What is to be run, in order; the variants of one repetition follow each other, because they are compared.
 * UsageError when a scenario makes no sense under the timing that was asked for, or has no such variant.
 */
export function planRuns(scenarios: readonly LoadedScenario[], options: PlanOptions): PlannedRun[] {
  return scenarios.flatMap((loaded) => {
    const timing = timingOf(loaded, options.timing);
    const variants = options.variants === 'all' ? variantsOf(loaded.scenario) : options.variants;
    const speed = options.speed ?? loaded.scenario.speed ?? 1;
    for (const variant of variants) summaryOf(loaded.scenario, variant);
    return Array.from({ length: options.repeat }, (_, i) =>
      variants.map((variant) => ({ ...loaded, variant, timing, speed, seed: options.seed + i })),
    ).flat();
  });
}

/** One of several parts of a plan, made on machines of their own; part `index` of `count`, counted from 1. */
export interface Shard {
  index: number;
  count: number;
}

/**
 * The part of the scenarios that is this shard's: each is in exactly one. Neighbours, which often take equally long, are
 * dealt out in turn.
 */
export function shardOf(scenarios: readonly LoadedScenario[], { index, count }: Shard): LoadedScenario[] {
  return scenarios.filter((_, i) => i % count === index - 1);
}

function timingOf({ scenario }: LoadedScenario, wanted: TimingName | undefined): TimingName {
  const { name, timings = timingNames } = scenario;
  const timing = wanted ?? timings[0] ?? 'fast';
  if (timings.includes(timing)) return timing;
  throw new UsageError(`${name} cannot be run with --timing ${timing}; it has: ${timings.join(', ')}`);
}

/**
 * Whether a run has a clock of its own. `needed`: to go at another speed than real time, or because clocks are to lie;
 * `useful` for a lab that stands, whose clocks somebody may want to set; else `none`.
 */
export function labClockOf({ scenario, variant, speed, standing }: PlannedRun): 'needed' | 'useful' | 'none' {
  const { lines } = experimentOf(scenario, variant).nemesis;
  const faults = lines.flatMap(({ steps }) =>
    steps.flatMap((step) => (step.do === 'inject' ? step.fault : [])),
  );
  if (speed !== 1 || faults.some(({ needs }) => needs === 'lab clock')) return 'needed';
  return standing === undefined ? 'none' : 'useful';
}

/** Whether a run has the application, and so needs PostgreSQL and k6. */
export function hasApplication({ scenario, variant }: PlannedRun): boolean {
  return experimentOf(scenario, variant).app !== undefined;
}
