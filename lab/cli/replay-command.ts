import { existsSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../common/errors.ts';
import type { LoadedScenario } from '../scenario/catalogue.ts';
import { loadScenario } from '../scenario/load-scenario.ts';
import { type InvokeOptions, invoke } from './invoke.ts';
import { packageRoot } from './package-root.ts';
import { type RunFolder, readRunFolder } from './run-folder.ts';
import type { Streams } from './setup.ts';

/** The options of `lab replay`, parsed. */
export type ReplayOptions = Omit<InvokeOptions, 'parallel'> & { speed?: number };

/**
 * `lab replay`: the same scenario's file, variant, timing and seed again, in a folder of its own. The seed fixes
 * what is drawn, not how the operating system schedules. Returns the exit code; throws UsageError and LabError.
 */
export async function replayCommand(
  given: string,
  options: ReplayOptions,
  streams: Streams,
): Promise<number> {
  const folder = readRunFolder(given);
  const { variant, timing, seed, speed: ran = 1, manual, commands } = folder.document;
  if (manual) throw new UsageError(`expected a scenario’s run, got one made by hand, by: ${commands.replay}`);
  const { speed = ran } = options;
  const loaded = await scenarioOf(folder);
  return invoke([{ ...loaded, variant, timing, seed, speed }], options, streams);
}

/** The recorded path may be relative to a working directory that was another one. */
async function scenarioOf({ dir, document }: RunFolder): Promise<LoadedScenario> {
  const { file, name } = document.scenario;
  const bases = [process.cwd(), ...ancestorsOf(dir), packageRoot()];
  const found = bases.map((base) => path.resolve(base, file)).find((each) => existsSync(each));
  if (found === undefined)
    throw new UsageError(
      `expected the scenario's file ${file} (from ${process.cwd()} or above ${dir}), got nothing`,
    );
  const loaded = await loadScenario(found);
  if (loaded.scenario.name === name) return loaded;
  throw new UsageError(`${found}: expected the scenario ${name}, got ${loaded.scenario.name}`);
}

function ancestorsOf(directory: string): string[] {
  const parent = path.dirname(directory);
  return parent === directory ? [] : [parent, ...ancestorsOf(parent)];
}
