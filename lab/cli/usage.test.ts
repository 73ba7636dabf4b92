import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from './main.ts';

let out = '';
let err = '';
let dir: string;
beforeEach(() => {
  [out, err] = ['', ''];
  dir = mkdtempSync(path.join(tmpdir(), 'lab-usage-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const streams = {
  stdout: { write: (text: string) => (out += text) },
  stderr: { write: (text: string) => (err += text) },
};
const lab = (...args: string[]) => main(args, streams);

describe('bad usage ends with 2 and says what was meant', () => {
  it.each([
    [['lst'], /unknown command 'lst'[\s\S]*list/],
    [['run', '--sed', '1'], /unknown option '--sed'[\s\S]*--seed/],
    [['run', '--variant', 'vulnerabel'], /did you mean "vulnerable"\?/],
    [['run', '--timing', 'fats'], /did you mean "fast"\?|there are: fast, production/],
    [['run', '--seed', '1.5'], /--seed .*1\.5.*whole number of at least 0/],
    [['run', '--seed', '-1'], /--seed/],
    [['run', '--repeat', '0'], /--repeat .*whole number of at least 1/],
    [['run', '--shard', '3/2'], /--shard .*3\/2.*one of several parts, as 2\/5/],
    [['run', '--shard', '2'], /--shard/],
    [['run', '--parallel', 'many'], /--parallel .*whole number/],
    [['run', 'splitbrain'], /no scenario "splitbrain"; did you mean "split-brain"\?/],
    [['run', 'split-brain', '--headline'], /either names or --headline/],
    [['run', './nowhere.scenario.ts'], /there is no file .*nowhere\.scenario\.ts/],
    [
      ['run', 'split-brain', '--out', '/proc/lab'],
      /--out \/proc\/lab: expected a directory that can be written/,
    ],
    [['run', 'split-brain', '--out', '/dev/null/x'], /--out .*expected a directory/],
    [['run', '--speed', 'fast'], /--speed .*fast.*a number above 0 and at most 100/],
    [['run', '--speed', '0'], /--speed .*a number above 0/],
    [['run', '--speed', '-10'], /--speed .*a number above 0/],
    [['run', '--speed', '101'], /--speed .*101.*at most 100/],
    [['replay', '.', '--speed', '1e9'], /--speed .*1e9/],
    [['distribution', 'split-brain', '--runs', '1', '--speed', 'NaN'], /--speed .*NaN/],
    [['up', 'sentinel', '--speed', '0'], /--speed .*a number above 0/],
    [['check'], /missing required argument 'run'/],
    [['check', '/nowhere'], /expected a run folder or its run.json, got nothing at \/nowhere/],
    [['replay', tmpdir()], /folder without run.json/],
  ] as const)('lab %j', async (args, message) => {
    expect(await lab(...args)).toBe(2);
    expect(err).toMatch(/^error: /);
    expect(err).toMatch(message);
  });

  it('--json that cannot be written, before anything runs', async () => {
    expect(await lab('run', 'split-brain', '--out', dir, '--json', '/proc/lab/x.json')).toBe(2);
    expect(err).toMatch(/^error: --json \/proc\/lab\/x.json: /);
  });

  it('a wrong --redis', async () => {
    expect(await lab('run', 'split-brain', '--out', dir, '--redis', '/nowhere')).toBe(2);
    expect(err).toContain('got nothing at /nowhere');
  });

  it('a malformed scenario file, with what and where', async () => {
    const file = path.join(dir, 'mine.scenario.ts');
    writeFileSync(file, "export default { name: 'mine', titles: 'Mine' };\n");
    expect(await lab('run', file, '--out', dir)).toBe(2);
    expect(err).toContain(`${file}: a scenario has no field "titles"; did you mean "title"?`);
  });

  it('a scenario whose fault has nobody to hit, before anything starts', async () => {
    const file = path.join(dir, 'mine.scenario.ts');
    writeFileSync(
      file,
      `import { addToSet, at, checks, cluster, defineScenario, faults, schedule } from 'failover-lab';
      export default defineScenario({
        name: 'mine', title: 'Mine', claim: 'It holds.', advice: 'Do it.', settings: [],
        variants: { vulnerable: 'without', hardened: 'with' },
        experiment: () => ({
          topology: cluster(), workloads: [addToSet({ name: 'w' })],
          nemesis: schedule(at(0).inject(faults.kill('primary of slot 16384'))),
          checks: [checks.set()], expect: [{ check: 'set', verdict: 'valid', because: 'x' }],
        }),
      });\n`,
    );
    const runs = path.join(dir, 'runs');
    expect(await lab('run', file, '--out', runs)).toBe(2);
    expect(err).toContain(
      'kill: target "primary of slot 16384": expected a slot from 0 to 16383, got "16384"',
    );
    expect(existsSync(runs) ? readdirSync(runs) : []).toEqual([]);
  });

  it.each([
    ['', 'an empty file'],
    ['{"format": "failover-lab/run", "version": 7}', 'version: expected 1, got 7'],
    ['{"format": "failover-lab/run", "version": 1, "seed": "x"}', 'run.json'],
    ['[1]', 'this is not the document of a run'],
  ])('a run folder with %j', async (text, message) => {
    writeFileSync(path.join(dir, 'run.json'), text);
    for (const command of ['check', 'replay']) {
      expect(await lab(command, dir)).toBe(2);
      expect(err).toContain(message);
      expect(err).toContain(path.join(dir, 'run.json'));
    }
  });
});

describe('what needs no run', () => {
  it('--help and --version end with 0', async () => {
    expect(await lab('--help')).toBe(0);
    expect(out).toContain('Exit codes:');
    expect(await lab('run', '--help')).toBe(0);
    expect(await lab('--version')).toBe(0);
    expect(err).toBe('');
  });

  it('no command at all shows what there is, as bad usage', async () => {
    expect(await lab()).toBe(2);
    expect(err).toContain('Usage: lab');
  });

  it('list names every scenario, also as JSON', async () => {
    expect(await lab('list')).toBe(0);
    expect(out).toContain('split-brain  (headline)\n');
    out = '';
    expect(await lab('list', '--json')).toBe(0);
    const { scenarios } = JSON.parse(out);
    expect(scenarios.length).toBeGreaterThanOrEqual(7);
    expect(scenarios[0]).toMatchObject({ name: expect.any(String), claim: expect.any(String) });
  });
});
