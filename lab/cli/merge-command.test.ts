import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RunDocument, textOf } from '../../reports/data/run-document.ts';
import { hardenedSample, labFailedSample, splitBrainSample } from '../../reports/data/sample.ts';
import { main } from './main.ts';

let out = '';
let err = '';
let dir: string;
beforeEach(() => {
  [out, err] = ['', ''];
  dir = mkdtempSync(path.join(tmpdir(), 'lab-merge-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const streams = {
  stdout: { write: (text: string) => (out += text) },
  stderr: { write: (text: string) => (err += text) },
};
const merged = () => path.join(dir, 'site', 'night');
const merge = (...folders: string[]) => main(['merge', ...folders, '--out', merged()], streams);

function shard(name: string, document: RunDocument, run = 'run'): string {
  const folder = path.join(dir, name);
  mkdirSync(path.join(folder, run, 'logs'), { recursive: true });
  writeFileSync(path.join(folder, run, 'run.json'), textOf(document));
  writeFileSync(path.join(folder, run, 'logs', 'redis-1.log'), name);
  return folder;
}

describe('lab merge', () => {
  test('makes one folder of all, with one report, in the order in which they were made', async () => {
    const late = shard('shard-1', { ...splitBrainSample(), startedAt: '2026-01-05T09:30:01.000Z' });
    const early = shard('shard-2', { ...hardenedSample(), startedAt: '2026-01-05T09:30:00.000Z' });
    expect(await merge(late, early)).toBe(0);
    expect(out).toContain(`2 runs\nreport: ${path.join(merged(), 'index.html')}`);
    expect(readFileSync(path.join(merged(), 'run', 'logs', 'redis-1.log'), 'utf8')).toBe('shard-2');
    expect(readFileSync(path.join(merged(), 'run-2', 'logs', 'redis-1.log'), 'utf8')).toBe('shard-1');
    const index = readFileSync(path.join(merged(), 'index.html'), 'utf8');
    for (const href of ['run/report.html', 'run-2/report.html']) expect(index).toContain(`href="${href}"`);
    expect(readFileSync(path.join(merged(), 'junit.xml'), 'utf8').match(/<testsuite /g)).toHaveLength(2);
    const { runs } = JSON.parse(readFileSync(path.join(merged(), 'runs.json'), 'utf8'));
    expect(runs).toMatchObject([
      { variant: 'hardened', dir: path.join(merged(), 'run') },
      { variant: 'vulnerable', dir: path.join(merged(), 'run-2') },
    ]);
  });

  test('ends as one invocation would have: with the worst outcome’s code', async () => {
    expect(await merge(shard('a', splitBrainSample()), shard('b', labFailedSample()))).toBe(3);
  });

  test('touches nothing that is there, and copies nothing when a folder has no runs', async () => {
    const [one, empty] = [shard('a', splitBrainSample()), path.join(dir, 'empty')];
    mkdirSync(empty);
    expect(await merge(one, empty)).toBe(2);
    expect(err).toContain(`got one without any: ${empty}`);
    expect(existsSync(merged())).toBe(false);
    mkdirSync(merged(), { recursive: true });
    writeFileSync(path.join(merged(), 'mine'), '');
    expect(await merge(one)).toBe(2);
    expect(err).toContain('expected a folder that is empty or not there, got one that holds something');
  });

  test('needs to be told where to', async () => {
    expect(await main(['merge', dir], streams)).toBe(2);
    expect(err).toContain("required option '--out <dir>' not specified");
  });
});
