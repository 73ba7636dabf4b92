import { globSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const here = import.meta.dirname;

/** What a file imports by a path that leads out of the application's folder. */
function outside(file: string, text: string): string[] {
  const paths = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']*)'/g)].map(([, path = '']) => path);
  return paths.filter((path) => relative(here, resolve(here, file, '..', path)).startsWith('..'));
}

test('the application imports nothing of the lab', () => {
  const files = globSync('**/*.ts', { cwd: here }).filter((file) => !/test/.test(file));
  expect(files.length).toBeGreaterThan(30);
  const found = files.flatMap((file) => outside(file, readFileSync(join(here, file), 'utf8')));
  expect(found).toEqual([]);
  // It would be seen.
  expect(outside('jobs/x.ts', "import { until } from '../../common/until.ts';")).toHaveLength(1);
  expect(outside('jobs/x.ts', "await import('../config.ts')")).toEqual([]);
});
