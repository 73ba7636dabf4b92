import { randomInt } from 'node:crypto';
import path from 'node:path';
import { type Matrix, matrixOf } from '../../reports/matrix/matrix.ts';
import { matrixJson } from '../../reports/matrix/matrix-json.ts';
import { matrixLines } from '../../reports/matrix/matrix-lines.ts';
import { matrixMarkdown } from '../../reports/matrix/matrix-markdown.ts';
import { renderMatrix } from '../../reports/matrix/render-matrix.ts';
import { writeWholeFile } from '../../reports/reporters/write-file.ts';
import { UsageError } from '../common/errors.ts';
import type { TimingName, VariantName } from '../run/record.ts';
import { scenariosNamed } from '../scenario/catalogue.ts';
import { BASE_VARIANTS } from '../scenario/variants.ts';
import { exitCodeOf } from './exit-code.ts';
import { type InvokeOptions, invoke } from './invoke.ts';
import { makeDirectory } from './make-directory.ts';
import { randomSeeds } from './option-values.ts';
import { type PlannedRun, planRuns } from './plan-runs.ts';
import type { RunFolder } from './run-folder.ts';
import { defaultOut, runFolders } from './run-folders.ts';
import { runsIn } from './runs-in.ts';
import type { Streams } from './setup.ts';

/** The options of `lab matrix`, parsed. */
export interface MatrixOptions extends Omit<InvokeOptions, 'redis'> {
  /** The servers; at least two. */
  redis?: readonly string[];
  /** Runs that are there already, instead of new ones. */
  from?: readonly string[];
  headline?: boolean;
  variant?: VariantName;
  seed?: number;
  timing?: TimingName;
  speed?: number;
  repeat?: number;
  html?: string;
  markdown?: string;
}

/**
 * `lab matrix`: runs scenarios on several servers, and says where these differ. Returns the runs' exit code; throws
 * UsageError and LabError.
 */
export async function matrixCommand(
  names: readonly string[],
  options: MatrixOptions,
  streams: Streams,
): Promise<number> {
  if (options.from !== undefined) {
    if (names.length > 0 || options.redis !== undefined)
      throw new UsageError('--from: expected neither scenarios nor --redis beside it');
    const runs = runsIn(options.from);
    const out = path.resolve(options.out ?? options.from[0] ?? '.');
    tell(runs, out, options, streams);
    return exitCodeOf(runs.map(({ document }) => document.outcome));
  }
  const { redis = [], repeat = 1, seed = randomInt(randomSeeds), timing, speed, json: _, ...rest } = options;
  const servers = [...new Set(redis)];
  if (servers.length < 2)
    throw new UsageError(
      `expected at least two servers, as --redis redis:7.0 --redis valkey:9, got ${servers.join(' and ') || 'none'}`,
    );
  const scenarios = await scenariosNamed(names, options.headline ?? false);
  const variants = options.variant === undefined ? BASE_VARIANTS : [options.variant];
  const plans = planRuns(scenarios, { variants, timing, speed, seed, repeat });
  const out = runFolders(options.out ?? defaultOut()).make('matrix');
  const exitCode = await invoke(onEach(servers, plans), { ...rest, out }, streams);
  const matrix = tell(runsIn([out]), out, options, streams);
  if (matrix.servers.length < servers.length)
    streams.stdout.write(
      `${servers.join(', ')}: only ${matrix.servers.length} different servers: ${matrix.servers.join(', ')}\n`,
    );
  return exitCode;
}

/** What is compared is run soon after each other, in the machine's same mood. */
function onEach(servers: readonly string[], plans: readonly PlannedRun[]): PlannedRun[] {
  const groups = Map.groupBy(plans, ({ scenario, seed }) => JSON.stringify([scenario.name, seed]));
  return [...groups.values()].flatMap((group) =>
    servers.flatMap((redis) => group.map((plan) => ({ ...plan, redis }))),
  );
}

/** Writes and prints what the runs showed. */
function tell(runs: readonly RunFolder[], out: string, options: MatrixOptions, { stdout }: Streams): Matrix {
  const inOrder = runs.toSorted((a, b) => (a.document.startedAt < b.document.startedAt ? -1 : 1));
  const matrix = matrixOf(inOrder.map(({ document }) => document));
  const page = path.resolve(options.html ?? path.join(out, 'matrix.html'));
  const links = inOrder.map(({ dir, document }) => ({
    document,
    href: path
      .relative(path.dirname(page), path.join(dir, 'report.html'))
      .split(path.sep)
      .map(encodeURIComponent)
      .join('/'),
  }));
  write(page, renderMatrix(matrix, links));
  if (options.json !== undefined) write(path.resolve(options.json), matrixJson(matrix));
  if (options.markdown !== undefined) write(path.resolve(options.markdown), matrixMarkdown(matrix));
  for (const line of ['', ...matrixLines(matrix), `matrix: ${page}`]) stdout.write(`${line}\n`);
  return matrix;
}

function write(file: string, text: string): void {
  makeDirectory(path.dirname(file));
  writeWholeFile(file, text);
}
