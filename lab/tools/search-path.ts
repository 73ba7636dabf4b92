import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Directories of system tools that an ordinary user's PATH often lacks. */
export const systemDirectories = ['/usr/local/sbin', '/usr/sbin', '/sbin'] as const;

/** Whether this is a regular file (or a link to one) that we may execute. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** PATH's absolute directories, each once; relative ones depend on where one stands and are left out. */
export function pathDirectories(environment: NodeJS.ProcessEnv, further: readonly string[] = []): string[] {
  const listed = (environment.PATH ?? '').split(delimiter).filter(isAbsolute);
  return [...new Set([...listed, ...further])];
}

/** Every executable of this name along PATH, in PATH's order; a file that two directories lead to, once. */
export function allOnPath(
  name: string,
  environment: NodeJS.ProcessEnv,
  further: readonly string[] = [],
): string[] {
  const files = new Map<string, string>();
  for (const directory of pathDirectories(environment, further)) {
    const path = join(directory, name);
    if (!isExecutable(path)) continue;
    const real = realpathSync(path);
    if (!files.has(real)) files.set(real, path);
  }
  return [...files.values()];
}

/** The first executable of this name along PATH. */
export function onPath(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  return pathDirectories(environment)
    .map((directory) => join(directory, name))
    .find(isExecutable);
}
