import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../common/errors.ts';
import { withNearest } from '../common/nearest-name.ts';
import { loadScenario } from './load-scenario.ts';
import type { Scenario } from './scenario.ts';

/** A scenario and the file that it came from. */
export interface LoadedScenario {
  scenario: Scenario;
  /** Absolute path. */
  file: string;
}

const DIRECTORY = fileURLToPath(new URL('../../scenarios/', import.meta.url));
const SUFFIX = /\.scenario\.[jt]s$/;

/** All scenarios that come with the lab, by file path. */
export async function catalogue(): Promise<LoadedScenario[]> {
  const files = (await readdir(DIRECTORY, { recursive: true })).filter((file) => SUFFIX.test(file)).sort();
  return Promise.all(files.map((file) => loadScenario(path.join(DIRECTORY, file))));
}

/**
 * Scenarios by what a user typed: a name of the catalogue, or the path of a file. UsageError names the nearest
 * when there is none.
 */
export async function findScenarios(wanted: readonly string[]): Promise<LoadedScenario[]> {
  const isFile = (text: string) => SUFFIX.test(text) || /[\\/]/.test(text);
  const known = wanted.every(isFile) ? [] : await catalogue();
  return Promise.all(
    wanted.map(async (text) => {
      if (isFile(text)) return loadScenario(path.resolve(text));
      const found = known.find(({ scenario }) => scenario.name === text);
      if (found !== undefined) return found;
      const names = known.map(({ scenario }) => scenario.name);
      throw new UsageError(withNearest(`there is no scenario ${JSON.stringify(text)}`, text, names));
    }),
  );
}

/** Those that were named, else the headline ones, else all. UsageError for names that nobody has, and for both at once. */
export async function scenariosNamed(names: readonly string[], headline: boolean): Promise<LoadedScenario[]> {
  if (headline && names.length > 0) throw new UsageError('expected either names or --headline, got both');
  if (names.length > 0) return findScenarios(names);
  const known = await catalogue();
  return headline ? known.filter(({ scenario }) => scenario.headline) : known;
}
