import { existsSync, globSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cycles, rules, violations } from './import-rules.ts';
import { importsIn, importsOf } from './imports.ts';

const root = path.dirname(import.meta.dirname);
const files = globSync('{lab,reports,scenarios}/**/*.ts', { cwd: root })
  .filter((file) => !file.startsWith('reports/runs/'))
  .sort();
const imports = files.flatMap((file) => importsOf(root, file));

describe('the tree', () => {
  it('is looked at as a whole', () => {
    expect(files.length).toBeGreaterThan(150);
    expect(imports.length).toBeGreaterThan(files.length);
    const folders = new Set(files.map((file) => file.split('/').slice(0, 2).join('/')));
    for (const folder of folders) if (folder.startsWith('lab/')) expect(Object.keys(rules)).toContain(folder);
  });

  it('keeps the rules', () => {
    expect(violations(imports)).toEqual([]);
  });

  it('has no cycles', () => {
    expect(cycles(imports)).toEqual([]);
  });

  it('imports only files that are there, by their whole name', () => {
    const missing = imports.filter(({ to }) => to !== null && !existsSync(path.join(root, to)));
    expect(missing.map(({ from, specifier }) => `${from}: ${specifier}`)).toEqual([]);
  });
});

describe('a planted violation is found', () => {
  const planted = (file: string, text: string) => violations(importsIn(text, file));

  it.each([
    ['lab/common/x.ts', "import { run } from '../run/run.ts';"],
    ['lab/checkers/x.ts', "import { sleep } from '../run/run.ts';"],
    ['lab/checkers/x.ts', "import { Redis } from 'ioredis';"],
    ['lab/faults/x.ts', "export { schedule } from '../nemesis/schedule.ts';"],
    ['lab/nemesis/x.ts', "const mesh = await import('../mesh/mesh.ts');"],
    ['lab/run/x.ts', "import type { Reporter } from '../../reports/reporters/reporter.ts';"],
    ['lab/app/server.ts', "import { LabError } from '../common/errors.ts';"],
    ['lab/history/x.ts', "type V = import('../checkers/checker.ts').Verdict;"],
    ['reports/x.ts', "import { set } from '../lab/checkers/set.ts';"],
    ['reports/x.ts', "import type { RunJob } from '../lab/run/job.ts';"],
    ['scenarios/a/x.scenario.ts', "import { set } from '../../lab/checkers/set.ts';"],
    ['lab/index.ts', "export * from './cli/invoke.ts';"],
  ])('%s: %s', (file, text) => {
    expect(planted(file, text)).toHaveLength(1);
  });

  it.each([
    ['reports/x.ts', "import type { Verdict } from '../lab/checkers/checker.ts';"],
    ['reports/x.ts', "import { type Verdict } from '../lab/checkers/checker.ts';"],
    ['scenarios/a/x.scenario.ts', "import { at } from 'failover-lab';"],
    ['lab/checkers/x.test.ts', "import { run } from '../run/run.ts';"],
  ])('but not in %s: %s', (file, text) => {
    expect(planted(file, text)).toEqual([]);
  });

  it('a cycle, but none of types', () => {
    const ring = (keyword: string) => [
      ...importsIn(`${keyword} { b } from './b.ts';`, 'lab/run/a.ts'),
      ...importsIn("import { c } from '../run/c.ts';", 'lab/run/b.ts'),
      ...importsIn("export * from './a.ts';", 'lab/run/c.ts'),
    ];
    expect(cycles(ring('import'))).toEqual(['lab/run/a.ts → lab/run/b.ts → lab/run/c.ts → lab/run/a.ts']);
    expect(cycles(ring('import type'))).toEqual([]);
  });
});
