import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fetchHistory, type HistoryBranch, keepHistory } from './history-branch.ts';

let dir: string;
let branch: HistoryBranch;
const git = (cwd: string, ...args: string[]) => execFileSync('git', args, { cwd, encoding: 'utf8' }).trim();
const bytes = (n: number) => Buffer.from(Array.from({ length: 2000 }, (_, i) => (i * 7 + n) % 256));
const file = (name: string) => path.join(dir, 'state', name);

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'lab-history-'));
  mkdirSync(file(''), { recursive: true });
  git(dir, 'init', '--quiet', '--bare', 'remote.git');
  git(dir, 'clone', '--quiet', 'remote.git', 'clone');
  branch = { repository: path.join(dir, 'clone'), remote: 'origin', branch: 'nights' };
});
afterEach(() => rmSync(dir, { recursive: true }));

test('the first night has no history; the next one gets what was kept, byte by byte', async () => {
  expect(await fetchHistory(branch, file('a'))).toBeNull();
  writeFileSync(file('a'), bytes(1));
  await keepHistory(branch, file('a'), null);
  const commit = await fetchHistory(branch, file('b'));
  expect(commit).toBe(git(path.join(dir, 'remote.git'), 'rev-parse', 'nights'));
  expect(readFileSync(file('b'))).toEqual(bytes(1));
});

test('the branch has one commit, however many nights there were', async () => {
  let commit: string | null = null;
  for (const n of [1, 2, 3]) {
    writeFileSync(file('a'), bytes(n));
    await keepHistory(branch, file('a'), commit);
    commit = await fetchHistory(branch, file('b'));
  }
  expect(readFileSync(file('b'))).toEqual(bytes(3));
  expect(git(path.join(dir, 'remote.git'), 'rev-list', '--count', 'nights')).toBe('1');
});

test('a night that somebody else kept meanwhile is not forgotten', async () => {
  writeFileSync(file('a'), bytes(1));
  await keepHistory(branch, file('a'), null);
  writeFileSync(file('a'), bytes(5));
  await expect(keepHistory(branch, file('a'), null)).rejects.toThrow(/git push: .*(stale info|rejected)/s);
  const commit = await fetchHistory(branch, file('b'));
  writeFileSync(file('other'), bytes(2));
  await keepHistory(branch, file('other'), commit);
  await expect(keepHistory(branch, file('a'), commit)).rejects.toThrow(/git push/);
  await fetchHistory(branch, file('b'));
  expect(readFileSync(file('b'))).toEqual(bytes(2));
});

test('what is not there is said', async () => {
  await expect(keepHistory(branch, file('none'), null)).rejects.toThrow(
    /expected the history at .*none, got nothing/,
  );
  await expect(fetchHistory({ ...branch, remote: 'nowhere' }, file('a'))).rejects.toThrow(
    /git ls-remote: .*nowhere/,
  );
});
