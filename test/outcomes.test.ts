import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestDirectory } from '../lab/cli/test-lab.ts';
import { until } from '../lab/common/until.ts';
import { readHistory } from '../lab/history/read-history.ts';

let directory: TestDirectory;
beforeEach(() => {
  directory = new TestDirectory();
});
afterEach(() => directory.remove());

const planted = (name: string) => path.join(import.meta.dirname, 'planted', `${name}.scenario.ts`);
const nothingLeft = () =>
  until(() => directory.leftovers().length === 0, { what: 'everything to end', withinMs: 20_000 });

/** One run as a user starts it: its exit code, its output, and its line of `--json`. */
async function lab(name: string, variant: string) {
  const json = path.join(directory.path, 'result.json');
  const started = directory.lab('run', planted(name), '--variant', variant, '--json', json);
  const exitCode = await started.ended();
  const [run] = (JSON.parse(readFileSync(json, 'utf8')) as { runs: { outcome: string }[] }).runs;
  return { exitCode, stdout: started.stdout(), outcome: run?.outcome };
}

describe('the exit code', () => {
  it('is 1 when a vulnerable variant shows no failure', async () => {
    const run = await lab('wrong-claim', 'vulnerable');
    expect(run).toMatchObject({ exitCode: 1, outcome: 'unexpected' });
    expect(run.stdout).toContain('expected set: invalid');
  });

  it('is 1 when a hardened variant breaks its bound', async () => {
    const run = await lab('wrong-claim', 'hardened');
    expect(run).toMatchObject({ exitCode: 1, outcome: 'unexpected' });
    expect(run.stdout).toMatch(/expected lost of at most 5, got \d+/);
  });

  it('is 0 when both are as claimed, and 4 when nothing was proved', async () => {
    expect(await lab('refused-proof', 'hardened')).toMatchObject({ exitCode: 0, outcome: 'as-expected' });
    const run = await lab('refused-proof', 'vulnerable');
    expect(run).toMatchObject({ exitCode: 4, outcome: 'inconclusive' });
    expect(run.stdout).toContain('was not proved');
  });

  it('is 3 when Redis refuses a directive, whose own line is shown', async () => {
    const run = await lab('refused-directive', 'vulnerable');
    expect(run).toMatchObject({ exitCode: 3, outcome: 'lab-failed' });
    expect(run.stdout).toContain(">>> 'no-such-directive 1'");
    expect(run.stdout).toContain('Bad directive or wrong number of arguments');
    await nothingLeft();
  });
});

describe('a disk that fills up while recording', () => {
  it('ends the run with exit code 3, says so, and keeps what was recorded', async () => {
    const [small, kept] = ['small', 'kept'].map((name) => path.join(directory.path, name)) as [
      string,
      string,
    ];
    mkdirSync(small);
    mkdirSync(kept);
    const bin = path.join(import.meta.dirname, '../lab/cli/bin.mjs');
    // The mount is nobody else's, and gone with the namespace: what is on it is copied before.
    const script =
      'mount -t tmpfs -o size=2m tmpfs "$1" && { "$2" "$3" run "$4" --variant vulnerable --out "$1"; code=$?; cp -r "$1/." "$5"; exit $code; }';
    const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
    const args = [
      ...user,
      '--mount',
      'sh',
      '-c',
      script,
      'sh',
      small,
      process.execPath,
      bin,
      planted('full-disk'),
      kept,
    ];
    const ended = await promisify(execFile)('unshare', args, {
      cwd: directory.path,
      env: { ...process.env, CI: 'true' },
    }).catch((error: { code: number; stdout: string; stderr: string }) => error);
    expect(ended).toMatchObject({ code: 3 });
    expect(ended.stdout).toMatch(/cannot write the history to .*: no space left on the disk; \d+ operations/);
    await nothingLeft();
    const folder = /folder: (\S+)/.exec(ended.stdout)?.[1] ?? '';
    const history = path.join(directory.path, 'history.jsonl');
    cpSync(path.join(kept, path.relative(small, folder), 'history.jsonl'), history);
    const read = await readHistory(history);
    const saved = Number(/; (\d+) operations/.exec(ended.stdout)?.[1]);
    expect(saved).toBeGreaterThan(1000);
    expect([...read.history.operations]).toHaveLength(saved);
  });
});
