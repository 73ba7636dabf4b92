import { randomInt } from 'node:crypto';
import path from 'node:path';
import {
  type Distribution,
  distributionOf,
  type KeptRun,
  phasesOf,
} from '../../reports/distribution/distribution.ts';
import { distributionLines } from '../../reports/distribution/distribution-lines.ts';
import { renderDistribution } from '../../reports/distribution/render-distribution.ts';
import { writeWholeFile } from '../../reports/reporters/write-file.ts';
import { LabError, UsageError } from '../common/errors.ts';
import { withNearest } from '../common/nearest-name.ts';
import type { TimingName, VariantName } from '../run/record.ts';
import { findScenarios } from '../scenario/catalogue.ts';
import { type InvokeOptions, invoke } from './invoke.ts';
import { randomSeeds } from './option-values.ts';
import { planRuns } from './plan-runs.ts';
import { defaultOut, runFolders } from './run-folders.ts';
import { runsIn } from './runs-in.ts';
import type { Streams } from './setup.ts';

/** The options of `lab distribution`, parsed. */
export interface DistributionOptions extends InvokeOptions {
  runs: number;
  variant?: VariantName;
  /** `recovery.promotionMs`; default: every step of each recovery, and what the scenario's variants are compared by. */
  figure?: readonly string[];
  seed?: number;
  timing?: TimingName;
  speed?: number;
  html?: string;
}

/**
 * `lab distribution`: runs one scenario many times and says how its figures are spread, with each run that lies far out
 * and why. Returns the runs' exit code; throws UsageError and LabError.
 */
export async function distributionCommand(
  name: string,
  options: DistributionOptions,
  streams: Streams,
): Promise<number> {
  const { runs, variant = 'hardened', timing, speed, seed = randomInt(randomSeeds), json, ...rest } = options;
  const scenarios = await findScenarios([name]);
  const plans = planRuns(scenarios, { variants: [variant], timing, speed, seed, repeat: runs });
  const out = runFolders(options.out ?? defaultOut()).make(`distribution-${scenarios[0]?.scenario.name}`);
  const exitCode = await invoke(plans, { ...rest, out }, streams);
  const kept = runsIn([out]).filter(({ document }) => document.outcome !== 'lab-failed');
  if (kept.length === 0) throw new LabError('there is nothing to say: the lab failed in every run');
  const found = chosen(kept, options.figure);
  const page = path.resolve(options.html ?? path.join(out, 'distribution.html'));
  writeWholeFile(page, renderDistribution(kept, found));
  if (json !== undefined)
    writeWholeFile(path.resolve(json), `${JSON.stringify({ version: 1, distributions: found }, null, 2)}\n`);
  for (const line of [...distributionLines(found), `distribution: ${page}`])
    streams.stdout.write(`${line}\n`);
  return exitCode;
}

function chosen(runs: readonly KeptRun[], wanted: readonly string[] | undefined): Distribution[] {
  const [{ document }] = runs as [KeptRun];
  if (wanted !== undefined) return wanted.map((name) => namedFigure(runs, name));
  const recoveries = document.checks.filter(({ spec }) => spec.checker === 'recovery');
  const compared = document.scenario.compare ?? [];
  return [
    ...recoveries.flatMap(({ name }) => phasesOf(runs, name)),
    ...compared.flatMap(({ check, figure }) => distributionOf(runs, check, figure) ?? []),
  ];
}

function namedFigure(runs: readonly KeptRun[], name: string): Distribution {
  const [check = '', ...figure] = name.split('.');
  const found = distributionOf(runs, check, figure.join('.'));
  if (found !== null) return found;
  const checks = runs[0]?.document.checks ?? [];
  const known = checks.flatMap((one) => Object.keys(one.figures).map((each) => `${one.name}.${each}`));
  throw new UsageError(
    `--figure: ${withNearest(`the runs have no figure ${JSON.stringify(name)}`, name, known)}`,
  );
}
