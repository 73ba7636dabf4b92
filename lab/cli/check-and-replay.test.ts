import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunDocument } from '../../reports/data/run-document.ts';
import { TestDirectory } from './test-lab.ts';

/** One real run for all of these tests: they look at what it left. */
let directory: TestDirectory;
let dir: string;
let ended: { code: unknown; lines: string[] };
beforeAll(async () => {
  directory = new TestDirectory();
  const lab = directory.lab(
    'run',
    'manual-failover',
    '--variant',
    'vulnerable',
    '--seed',
    '7',
    '--json',
    'r.json',
  );
  const code = await lab.ended();
  ended = { code, lines: lab.stdout().trimEnd().split('\n') };
  const folder = directory.folders().find((name) => name.endsWith('-vulnerable')) ?? '';
  dir = path.join(directory.path, 'failover-lab-runs', folder);
}, 60_000);
afterAll(() => directory.remove());

const file = () => path.join(dir, 'run.json');
const documentNow = (): RunDocument => JSON.parse(readFileSync(file(), 'utf8'));
const check = async () => {
  const lab = directory.lab('check', dir);
  return { code: await lab.ended(), stdout: lab.stdout(), stderr: lab.stderr() };
};

describe('lab run', () => {
  it('ends with 0, the seed first and the index last', () => {
    expect(ended.code).toBe(0);
    expect(ended.lines[0]).toBe('seed 7');
    const index = ended.lines.at(-1)?.replace('report: ', '') ?? '';
    expect(readFileSync(index, 'utf8')).toContain(`${path.basename(dir)}/report.html`);
    const latest = path.join(directory.path, 'failover-lab-runs', 'latest', 'index.html');
    expect(readFileSync(latest, 'utf8')).toBe(readFileSync(index, 'utf8'));
  });

  it('leaves a whole folder and --json', () => {
    expect(readdirSync(dir).sort()).toEqual([
      'history.jsonl',
      'junit.xml',
      'logs',
      'report.html',
      'run.json',
    ]);
    const { runs } = JSON.parse(readFileSync(path.join(directory.path, 'r.json'), 'utf8'));
    expect(runs).toMatchObject([{ scenario: 'manual-failover', variant: 'vulnerable', seed: 7, dir }]);
  });

  it('names commands that work from where it was started', () => {
    const { commands, versions } = documentNow();
    expect(commands.replay).toBe(`npx lab replay failover-lab-runs/${path.basename(dir)}`);
    for (const name of ['failover-lab', 'node', 'ioredis', 'redis-server', 'toxiproxy-server'])
      expect(versions[name]).toMatch(/^\d+\.\d+\.\d+/);
  });
});

describe('lab check', () => {
  it('comes to the same judgement, and to the same run.json', async () => {
    const before = readFileSync(file(), 'utf8');
    const { code, stdout } = await check();
    expect(code).toBe(0);
    expect(stdout).toContain('nothing differs from the earlier judgement');
    expect(readFileSync(file(), 'utf8')).toBe(before);
  });

  it('says what differs when the recorded judgement was another, and rewrites it', async () => {
    const before = documentNow();
    const forged = before.checks.map((each, i) => (i === 0 ? { ...each, verdict: 'valid' as const } : each));
    writeFileSync(file(), JSON.stringify({ ...before, outcome: 'unexpected', checks: forged }));
    const { code, stdout } = await check();
    expect(code).toBe(0);
    expect(stdout).toContain('outcome: unexpected → as-expected');
    expect(stdout).toContain(`${before.checks[0]?.name}: verdict: valid → ${before.checks[0]?.verdict}`);
    expect(documentNow()).toEqual(before);
  });

  it('holds the run to its recorded expectations: one that is not met is 1', async () => {
    const before = documentNow();
    const impossible = { check: 'set', verdict: 'any' as const, because: 'nobody can lose this much' };
    const expectation = { ...impossible, figures: { lost: { min: 1e9 } }, met: 'yes' as const, found: '' };
    writeFileSync(file(), JSON.stringify({ ...before, expectations: [expectation] }));
    const { code, stdout } = await check();
    writeFileSync(file(), JSON.stringify(before));
    expect(code).toBe(1);
    expect(stdout).toContain('outcome: as-expected → unexpected');
  });

  it('refuses a damaged history with its line, and leaves run.json alone', async () => {
    const history = path.join(dir, 'history.jsonl');
    const whole = readFileSync(history);
    const before = readFileSync(file(), 'utf8');
    appendFileSync(history, 'not a line\n');
    const { code, stderr } = await check();
    writeFileSync(history, whole);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: .*history\.jsonl, line \d+: /);
    expect(readFileSync(file(), 'utf8')).toBe(before);
  });
});

describe('lab replay', () => {
  it('runs the same scenario, variant, timing and seed again', { timeout: 60_000 }, async () => {
    const lab = directory.lab('replay', path.join(dir, 'run.json'), '--out', 'again');
    expect(await lab.ended()).toBe(0);
    const folders = readdirSync(path.join(directory.path, 'again'));
    const folder = folders.find((name) => name.endsWith('manual-failover-vulnerable')) ?? '';
    const replayed = path.join(directory.path, 'again', folder, 'run.json');
    expect(existsSync(replayed)).toBe(true);
    const { seed, variant, timing, scenario } = JSON.parse(readFileSync(replayed, 'utf8'));
    const before = documentNow();
    expect({ seed, variant, timing, scenario }).toEqual({
      seed: before.seed,
      variant: before.variant,
      timing: before.timing,
      scenario: before.scenario,
    });
  });

  it('says which file it looked for when the scenario is gone', async () => {
    const before = documentNow();
    const scenario = { ...before.scenario, file: 'gone/mine.scenario.ts' };
    writeFileSync(file(), JSON.stringify({ ...before, scenario }));
    const lab = directory.lab('replay', dir);
    expect(await lab.ended()).toBe(2);
    writeFileSync(file(), JSON.stringify(before));
    expect(lab.stderr()).toContain("expected the scenario's file gone/mine.scenario.ts");
  });
});
