import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.dirname(import.meta.dirname);

/** How a user's project may resolve modules. */
export const RESOLUTIONS = {
  nodenext: { module: 'nodenext' },
  bundler: { module: 'preserve', moduleResolution: 'bundler' },
} as const;

/**
 * Type-checks all files of a directory as a user's strict project would. Without `paths` the lab has to be installed
 * there. Throws with the compiler's complaints.
 */
export async function typeCheck(
  directory: string,
  resolution: keyof typeof RESOLUTIONS,
  paths?: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const config = {
    compilerOptions: {
      ...{
        target: 'es2024',
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        exactOptionalPropertyTypes: true,
      },
      ...RESOLUTIONS[resolution],
      // The project's own, where the directory has no node_modules.
      types: ['node'],
      typeRoots: [path.join(ROOT, 'node_modules', '@types')],
      // With sources instead of an installed package, their imports carry .ts.
      ...(paths === undefined ? {} : { paths, allowImportingTsExtensions: true }),
    },
    include: ['*.ts'],
  };
  const file = path.join(directory, `tsconfig.${resolution}.json`);
  writeFileSync(file, JSON.stringify(config));
  const compiler = path.join(ROOT, 'node_modules', '.bin', 'tsc');
  try {
    await promisify(execFile)(process.execPath, [compiler, '-p', file], { cwd: directory });
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    throw new Error(stdout || String(error));
  }
}

/** Where the lab's types are in a clone. */
export const SOURCES = {
  'failover-lab': [path.join(ROOT, 'lab/index.ts')],
  'failover-lab/vitest': [path.join(ROOT, 'lab/testing.ts')],
} as const;
