import { mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UsageError } from '../common/errors.ts';
import { makeDirectory } from './make-directory.ts';
import { defaultOut, runFolders } from './run-folders.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'lab-folders-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it('names folders by time and content, and counts those of the same second', () => {
  const folders = runFolders(path.join(dir, 'a', 'b'), new Date(2026, 10, 5, 3, 4, 9));
  const names = ['x-hardened', 'x-hardened', 'x-hardened', 'index'].map((what) => folders.make(what));
  expect(names.map((name) => path.relative(dir, name))).toEqual([
    'a/b/2026-11-05-030409-x-hardened',
    'a/b/2026-11-05-030409-x-hardened-2',
    'a/b/2026-11-05-030409-x-hardened-3',
    'a/b/2026-11-05-030409-index',
  ]);
});

it('links latest to the last index, again and again', () => {
  const folders = runFolders(dir);
  for (const folder of [folders.make('index'), folders.make('index')]) {
    folders.linkLatest(folder);
    expect(path.resolve(dir, readlinkSync(path.join(dir, 'latest')))).toBe(folder);
  }
});

it('refuses what cannot be written, and does not hang on /proc', () => {
  expect(() => runFolders('/proc/nowhere/deep')).toThrow(UsageError);
  expect(() => makeDirectory('/proc/nowhere')).toThrow('ENOENT');
  expect(() => makeDirectory(path.join(dir, 'a', 'b', '..', 'c'))).not.toThrow();
});

it('puts runs into the clone only when started in it', () => {
  expect(defaultOut('/home/me/lab', '/home/me/lab')).toBe('/home/me/lab/reports/runs');
  expect(defaultOut('/home/me/lab/docs', '/home/me/lab')).toBe('/home/me/lab/reports/runs');
  expect(defaultOut('/home/me', '/home/me/lab')).toBe('/home/me/failover-lab-runs');
  expect(defaultOut('/p', '/p/node_modules/failover-lab')).toBe('/p/failover-lab-runs');
  const inside = '/p/node_modules/failover-lab';
  expect(defaultOut(inside, inside)).toBe(`${inside}/failover-lab-runs`);
});
