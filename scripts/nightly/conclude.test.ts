import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RunDocument, textOf } from '../../reports/data/run-document.ts';
import { sampleNights } from '../../reports/nights/sample-nights.ts';

const SCRIPT = path.join(import.meta.dirname, 'conclude.ts');

let dir: string;
const git = (cwd: string, ...args: string[]) => execFileSync('git', args, { cwd, encoding: 'utf8' }).trim();
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'lab-conclude-'));
  git(dir, 'init', '--quiet', '--bare', 'remote.git');
  git(dir, 'init', '--quiet', 'clone');
  git(path.join(dir, 'clone'), 'remote', 'add', 'origin', path.join(dir, 'remote.git'));
});
afterEach(() => rmSync(dir, { recursive: true }));

async function conclude(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const clean = Object.entries(process.env).filter(([name]) => !name.startsWith('GITHUB_'));
  const child: ChildProcess = spawn(process.execPath, [SCRIPT, ...args], {
    cwd: path.join(dir, 'clone'),
    env: { ...Object.fromEntries(clean), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  await once(child, 'close');
  return { code: child.exitCode, out, err };
}

/** Two shards' folders, as a night's jobs leave them. */
function shards(night: number, documents: readonly RunDocument[]): string[] {
  return [0, 1].map((half) => {
    const folder = path.join(dir, `night-${night}`, `shard-${half + 1}`);
    for (const [i, document] of documents.entries()) {
      if (i % 2 !== half) continue;
      mkdirSync(path.join(folder, `run-${i}`), { recursive: true });
      writeFileSync(path.join(folder, `run-${i}`, 'run.json'), textOf(document));
      writeFileSync(path.join(folder, `run-${i}`, 'history.jsonl'), '');
    }
    return folder;
  });
}

test('night after night: one report, one history in a branch, an issue when a claim came out otherwise', async () => {
  const asked: string[] = [];
  const github = createServer((request, response) => {
    asked.push(`${request.method} ${request.url?.split('?')[0]}`);
    response.end(request.method === 'GET' ? '[]' : '{"number":1,"html_url":"https://github.test/1"}');
  }).listen(0, '127.0.0.1');
  await once(github, 'listening');
  const summary = path.join(dir, 'summary.md');
  const env = {
    GITHUB_TOKEN: 'secret',
    GITHUB_REPOSITORY: 'team/shop',
    GITHUB_API_URL: `http://127.0.0.1:${(github.address() as AddressInfo).port}`,
    GITHUB_SHA: '0123456789abcdef',
    GITHUB_STEP_SUMMARY: summary,
  };
  const [first = [], second = []] = sampleNights(2);
  const one = path.join(dir, 'site-1');
  expect(await conclude(['--site', one, ...shards(1, first)], env)).toMatchObject({ code: 0, err: '' });
  expect(asked).toEqual(['GET /repos/team/shop/issues']);

  const broken = second.map((document) => ({ ...document, outcome: 'unexpected' as const }));
  const two = path.join(dir, 'site-2');
  const { code, out } = await conclude(['--site', two, ...shards(2, broken)], env);
  expect(code).toBe(1);
  expect(out).toContain('6 runs; 2 nights in all');
  expect(out).toContain('issue: opened https://github.test/1');
  expect(git(path.join(dir, 'remote.git'), 'ls-tree', '--name-only', 'failover-nights')).toBe(
    'nights.sqlite',
  );
  expect(readFileSync(path.join(two, 'index.html'), 'utf8')).toContain('0123456789ab');
  expect(readFileSync(path.join(two, 'tonight', 'index.html'), 'utf8')).toContain('href="run-0/report.html"');
  expect(existsSync(path.join(two, 'tonight', 'junit.xml'))).toBe(true);
  expect(readdirSync(path.join(two, 'tonight', 'run-0'))).toEqual(['run.json']);
  expect(readFileSync(summary, 'utf8')).toContain('split-brain vulnerable · 7.0.15: unexpected');
  github.close();
});

test('says what it expected', async () => {
  expect(await conclude(['night'])).toMatchObject({
    code: 2,
    err: 'error: expected --site DIR, where the pages go\n',
  });
  expect(await conclude(['--site', 'site'])).toMatchObject({ code: 2 });
  const { code, err } = await conclude(['--site', 'site', 'nowhere']);
  expect(code).toBe(2);
  expect(err).toContain('expected a folder with runs, got nothing at');
});

test('fails, and keeps no history, when the branch cannot be reached', async () => {
  const [night = []] = sampleNights(1);
  const { code, err } = await conclude([
    '--site',
    path.join(dir, 'site'),
    '--remote',
    'nowhere',
    ...shards(1, night),
  ]);
  expect(code).toBe(3);
  expect(err).toMatch(/^error: git ls-remote: .*nowhere/);
});
