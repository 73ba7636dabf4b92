import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** The directory that holds the lab's package.json: a clone's, or the one inside node_modules. */
export function packageRoot(): string {
  let directory = import.meta.dirname;
  while (!existsSync(path.join(directory, 'package.json'))) directory = path.dirname(directory);
  return directory;
}

/** The lab's own version. */
export function packageVersion(): string {
  return versionIn(path.join(packageRoot(), 'package.json'));
}

/** The version of a package that the lab depends on. */
export function dependencyVersion(name: string): string {
  return versionIn(createRequire(import.meta.url).resolve(`${name}/package.json`));
}

function versionIn(manifest: string): string {
  return String((JSON.parse(readFileSync(manifest, 'utf8')) as { version?: unknown }).version);
}
