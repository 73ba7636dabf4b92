import { randomInt } from 'node:crypto';
import path from 'node:path';
import { UsageError } from '../../common/errors.ts';
import { withNearest } from '../../common/nearest-name.ts';
import { directives } from '../../faults/words/parameter.ts';
import type { TimingName, VariantName } from '../../run/record.ts';
import { catalogue } from '../../scenario/catalogue.ts';
import {
  type BuiltInTopology,
  type StandingLoad,
  type StandingSpec,
  standingScenario,
} from '../../scenario/standing.ts';
import { experimentOf, summaryOf } from '../../scenario/variants.ts';
import { randomSeeds, timingNames } from '../option-values.ts';
import type { PlannedRun } from '../plan-runs.ts';

/** What stands, as it was asked for. */
export interface StandingOptions {
  name: string;
  primaries?: number;
  replicas?: number;
  spareReplicas?: number;
  sentinels?: number;
  quorum?: number;
  hosts?: number;
  /** redis.conf directives, as `appendonly=yes`. */
  set?: readonly string[];
  /** Of a scenario. Default: vulnerable. */
  variant?: VariantName;
  timing?: TimingName;
  /** How many times as fast as real time. Default 1. */
  speed?: number;
  /** Default: light, of a scenario its own. */
  load?: StandingLoad;
}

/** Which counts each topology has. */
const counts = {
  sentinel: ['replicas', 'sentinels', 'quorum'],
  cluster: ['primaries', 'replicas', 'spareReplicas', 'hosts'],
  standalone: ['replicas'],
} as const;
type Kind = keyof typeof counts;
type Count = (typeof counts)[Kind][number];

const kinds = Object.keys(counts) as Kind[];
const isFile = (text: string) => /[\\/]|\.[jt]s$/.test(text);

/**
 * Plans a standing lab: `sentinel`, `cluster` or `standalone`, a scenario's name, or the path of a file that exports a
 * scenario or a topology by default. UsageError for what does not exist or does not fit.
 */
export async function standingPlan(what: string, options: StandingOptions): Promise<PlannedRun> {
  const kind = kinds.find((each) => each === what);
  const file = kind === undefined ? await fileOf(what) : '';
  const topology = kind === undefined ? null : builtIn(kind, options);
  if (topology === null) refuseCounts(`a file or scenario`, options, []);
  else if (options.variant !== undefined) throw new UsageError(`--variant: expected a scenario, got ${what}`);
  const load = options.load ?? (topology === null && (await isScenario(file)) ? 'own' : 'light');
  if (load === 'own' && topology !== null)
    throw new UsageError(`--load own: expected a scenario, got ${what}; there are: none, light`);
  const standing: StandingSpec = { name: options.name, topology, load };
  const scenario = await standingScenario(standing, file);
  const variant = options.variant ?? 'vulnerable';
  const timing = options.timing ?? scenario.timings?.[0] ?? 'fast';
  if (!(scenario.timings ?? timingNames).includes(timing))
    throw new UsageError(
      `${what} does not stand with --timing ${timing}; it has: ${scenario.timings?.join(', ')}`,
    );
  // What makes no sense is told before anything is started.
  summaryOf(scenario, variant);
  experimentOf(scenario, variant).topology.plan();
  const { speed = 1 } = options;
  return { scenario, file, variant, timing, speed, seed: randomInt(randomSeeds), standing };
}

async function fileOf(what: string): Promise<string> {
  if (isFile(what)) return path.resolve(what);
  const known = await catalogue();
  const found = known.find(({ scenario }) => scenario.name === what);
  if (found !== undefined) return found.file;
  const names = known.map(({ scenario }) => scenario.name);
  throw new UsageError(
    withNearest(`there is no topology or scenario ${JSON.stringify(what)}`, what, [...kinds, ...names]),
  );
}

/** What does not load is told when the scenario is made. */
async function isScenario(file: string): Promise<boolean> {
  const { importDefault } = await import('../../scenario/load-scenario.ts');
  const value = await importDefault(file);
  return typeof value === 'object' && value !== null && 'experiment' in value;
}

function builtIn(kind: Kind, options: StandingOptions): BuiltInTopology {
  refuseCounts(kind, options, counts[kind]);
  const given = Object.fromEntries(
    counts[kind].flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
  const redis = options.set === undefined ? {} : { redis: directives().read('--set', options.set) };
  return { kind, options: { ...given, ...redis } };
}

function refuseCounts(what: string, options: StandingOptions, allowed: readonly Count[]): void {
  const all = Object.values(counts).flat();
  const wrong = all.find((name) => options[name] !== undefined && !allowed.includes(name));
  const option = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (wrong !== undefined)
    throw new UsageError(
      `${option(wrong)}: ${what} has no such option${allowed.length === 0 ? '' : `; it has: ${allowed.map(option).join(', ')}`}`,
    );
  if (options.set !== undefined && allowed.length === 0)
    throw new UsageError(`--set: ${what} says itself how Redis is configured`);
}
