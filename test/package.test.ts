import { execFile } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentText, snippets } from './snippets.ts';
import { RESOLUTIONS, typeCheck } from './type-check.ts';

const ROOT = path.dirname(import.meta.dirname);
const work = mkdtempSync(path.join(tmpdir(), 'lab-package-'));
const [clone, user] = [path.join(work, 'clone'), path.join(work, 'user')];

/** Runs a program as in a shell of its own: not inside of an `npm test`. */
async function run(cwd: string, command: string, ...args: string[]): Promise<string> {
  const env = Object.entries(process.env).filter(
    ([name]) => !/^npm_(package|lifecycle|config_local_prefix)/.test(name),
  );
  const { stdout } = await promisify(execFile)(command, args, {
    cwd,
    env: { ...Object.fromEntries(env), CI: 'true' },
  }).catch((error: Error & { stdout: string; stderr: string }) => {
    throw new Error(`${command} ${args.join(' ')}: ${error.message}\n${error.stdout}\n${error.stderr}`);
  });
  return stdout;
}

/** Packs a copy of the clone, because packing changes package.json for a moment, and installs it somewhere else. */
beforeAll(async () => {
  const left = ['.git', 'node_modules', 'dist', 'reports/runs'].map((name) => path.join(ROOT, name));
  cpSync(ROOT, clone, { recursive: true, filter: (source) => !left.includes(source) });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(clone, 'node_modules'));
  await run(clone, 'npm', 'pack', '--pack-destination', work);
  const [tarball = ''] = globSync('failover-lab-*.tgz', { cwd: work });
  mkdirSync(user);
  writeFileSync(path.join(user, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  // The pinned Node is for machines with an older one; this one is new enough.
  await run(user, 'npm', 'install', '--prefer-offline', '--omit=optional', path.join(work, tarball));
  symlinkSync(path.join(ROOT, 'node_modules/vitest'), path.join(user, 'node_modules/vitest'));
  for (const { file, text } of snippets(documentText('README.md')))
    writeFileSync(path.join(user, file), text);
}, 180_000);
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe('what is packed', () => {
  it('is JavaScript and types, and no tests', () => {
    const files = globSync('**/*', { cwd: path.join(user, 'node_modules/failover-lab'), withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name);
    expect(files).toContain('LICENSE');
    expect(files.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))).toEqual([]);
    expect(files.filter((name) => /\.(test|cases)\./.test(name))).toEqual([]);
  });

  it('leaves package.json as it was', () => {
    expect(readFileSync(path.join(clone, 'package.json'), 'utf8')).toBe(documentText('package.json'));
  });
});

describe('an installed lab', () => {
  it('lists its scenarios', async () => {
    const listed = await run(user, 'npx', '--no-install', 'lab', 'list');
    expect(listed).toContain('split-brain');
    expect(listed).toContain('empty-restart');
  });

  it.each(Object.keys(RESOLUTIONS) as (keyof typeof RESOLUTIONS)[])(
    'has types for moduleResolution %s',
    async (resolution) => {
      await typeCheck(user, resolution);
      const mine = path.join(user, 'mine.scenario.ts');
      const right = readFileSync(mine, 'utf8');
      writeFileSync(mine, right.replace(/clients: \d+/, "clients: 'four'"));
      await expect(typeCheck(user, resolution)).rejects.toThrow(/'string' is not assignable/);
      writeFileSync(mine, right);
    },
  );

  it('runs a scenario of its own, and one of the user’s', async () => {
    const stdout = await run(
      ...[user, 'npx', '--no-install', 'lab'],
      ...['run', 'empty-restart', './mine.scenario.ts', '--variant', 'hardened'],
    );
    expect(stdout).toContain('2 runs: 2 as expected');
    expect(globSync('failover-lab-runs/*/report.html', { cwd: user })).toHaveLength(2);
  });

  it('gives vitest its tests, and code its runScenario', async () => {
    const test = readFileSync(path.join(user, 'mine.test.ts'), 'utf8');
    writeFileSync(
      path.join(user, 'mine.test.ts'),
      test.replace('import.meta.url))', "import.meta.url), { variants: ['hardened'] })"),
    );
    const vitest = path.join(ROOT, 'node_modules/.bin/vitest');
    expect(await run(user, process.execPath, vitest, 'run', '--root', user)).toMatch(/1 passed/);
    const exported = `const lab = await import('failover-lab'); console.log(typeof lab.runScenario, typeof lab.faults.kill)`;
    const printed = await run(user, process.execPath, '--input-type=module', '--eval', exported);
    expect(printed.trim()).toBe('function function');
  });
});
