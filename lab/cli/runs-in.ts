import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../common/errors.ts';
import { type RunFolder, readRunFolder } from './run-folder.ts';

/**
 * Every run under these folders, each once: a run folder itself, or folders that hold run folders, as `--out` made them.
 * UsageError for a folder without any, and for a run that is damaged.
 */
export function runsIn(given: readonly string[]): RunFolder[] {
  const folders = new Set(given.flatMap(foldersIn).map((folder) => realpathSync(folder)));
  return [...folders].map(readRunFolder);
}

function foldersIn(given: string): string[] {
  const folder = path.resolve(given);
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new UsageError(
      `expected a folder with runs, got ${existsSync(folder) ? 'a file' : 'nothing'} at ${folder}`,
    );
  if (isRun(folder)) return [folder];
  const found = readdirSync(folder)
    .sort()
    .map((name) => path.join(folder, name))
    .filter(isRun);
  if (found.length === 0) throw new UsageError(`expected a folder with runs, got one without any: ${folder}`);
  return found;
}

function isRun(folder: string): boolean {
  return existsSync(path.join(folder, 'run.json'));
}
