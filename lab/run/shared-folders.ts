import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { SharedFolder } from '../docker/lab-job.ts';
import type { RunJob } from './job.ts';

const PACKAGE = path.resolve(import.meta.dirname, '../..');

/**
 * What the lab's own programs need of this machine, at the same paths: the lab itself, the scenario's project, whatever
 * both import, and to write to the run folder and, with the application, the cache.
 */
export function sharedFolders({
  file,
  dir,
  cache,
  clockLibrary,
  tools,
}: Pick<RunJob, 'file' | 'dir' | 'cache' | 'clockLibrary' | 'tools'>): SharedFolder[] {
  const projects = [PACKAGE, ...(file === '' ? [] : [projectOf(file)])];
  const modules = projects.flatMap(modulesAbove);
  const read = [...projects, ...modules, ...modules.map((each) => realpathSync(each))];
  const unique = [...new Set(read)].filter((one) => !read.some((other) => isInside(one, other)));
  const written = [dir, ...(tools.application === null ? [] : [cache])];
  return [
    ...unique.map((folder) => ({ path: folder, readOnly: true })),
    ...(clockLibrary === null ? [] : [{ path: clockLibrary, readOnly: true }]),
    ...written.map((folder) => ({ path: folder, readOnly: false })),
  ].filter(({ path: one }, i, all) => all.findIndex((other) => other.path === one) === i);
}

/** The nearest directory above a file with a package.json, else the file's own. */
function projectOf(file: string): string {
  const found = ancestors(path.dirname(file)).find((each) => existsSync(path.join(each, 'package.json')));
  return found ?? path.dirname(file);
}

/** Where Node looks for packages that are imported from a directory. */
function modulesAbove(directory: string): string[] {
  return ancestors(directory)
    .map((each) => path.join(each, 'node_modules'))
    .filter((each) => existsSync(each));
}

function ancestors(directory: string): string[] {
  const parent = path.dirname(directory);
  return parent === directory ? [directory] : [directory, ...ancestors(parent)];
}

function isInside(one: string, other: string): boolean {
  return one !== other && one.startsWith(other.endsWith(path.sep) ? other : `${other}${path.sep}`);
}
