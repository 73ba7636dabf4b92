import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textOf } from '../../reports/data/run-document.ts';
import { sampleMatrixRuns } from '../../reports/matrix/sample-matrix.ts';
import { contextOf } from '../tools/context.ts';
import { findServer } from '../tools/servers/find-server.ts';
import { nameText, type ServerName } from '../tools/servers/server-choice.ts';
import { main } from './main.ts';

let out = '';
let err = '';
let dir: string;
beforeEach(() => {
  [out, err] = ['', ''];
  dir = mkdtempSync(path.join(tmpdir(), 'lab-matrix-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const streams = {
  stdout: { write: (text: string) => (out += text) },
  stderr: { write: (text: string) => (err += text) },
};
const lab = (...args: string[]) => main(['matrix', ...args], streams);

describe('lab matrix refuses', () => {
  it.each([
    [['split-brain', '--redis', 'redis:8'], /at least two servers, .*got redis:8/],
    [['split-brain', '--redis', 'redis:8', '--redis', 'redis:8'], /at least two servers/],
    [['split-brain'], /at least two servers, .*got none/],
    [['--from', '/nowhere'], /expected a folder with runs, got nothing/],
    [['split-brain', '--from', '/tmp'], /--from: expected neither scenarios nor --redis/],
    [['splitbrain', '--redis', 'redis:8', '--redis', 'valkey:9'], /did you mean "split-brain"/],
    [['split-brain', '--redis', 'redis:6.2', '--redis', 'valkey:9'], /Redis 7\.0 or later/],
  ])('%j', async (args, message) => {
    expect(await lab(...args, '--out', dir)).toBe(2);
    expect(err).toMatch(message);
  });
});

it('puts recorded runs beside each other: a table, a page, JSON and Markdown', async () => {
  const runs = path.join(dir, 'runs');
  for (const [i, document] of sampleMatrixRuns().entries()) {
    mkdirSync(path.join(runs, `run-${i}`), { recursive: true });
    writeFileSync(path.join(runs, `run-${i}`, 'run.json'), textOf(document));
  }
  const json = path.join(dir, 'matrix.json');
  const markdown = path.join(dir, 'docs', 'versions.md');
  // The samples are of a vulnerable run that came out as it had to, and of a hardened one.
  expect(await lab('--from', runs, '--json', json, '--markdown', markdown)).toBe(0);
  expect(out).toMatch(/split-brain +vulnerable +✓ lost .* ≠ lost /);
  expect(JSON.parse(readFileSync(json, 'utf8')).servers).toEqual([
    'Redis 7.0.15',
    'Redis 8.0.2',
    'Valkey 8.1.1',
  ]);
  expect(readFileSync(markdown, 'utf8')).toContain('| split-brain | vulnerable |');
  expect(readFileSync(path.join(runs, 'matrix.html'), 'utf8')).toContain('href="run-0/report.html"');
});

/** The first of these that are on this machine; nothing is brought for a test. */
async function serversHere(): Promise<string[]> {
  const wanted: ServerName[] = [
    { product: 'valkey', version: '9' },
    { product: 'valkey', version: '8' },
    { product: 'redis', version: '8' },
    { product: 'redis', version: '7' },
  ];
  const context = contextOf({});
  const found = await Promise.all(
    wanted.map(async (name) => ((await findServer(name, context)) === null ? [] : [nameText(name)])),
  );
  return found.flat().slice(0, 2);
}

describe('on real servers', async () => {
  const servers = await serversHere();
  const reason =
    servers.length === 2
      ? servers.join(' and ')
      : `skipped: only ${servers} here; lab setup --redis valkey:8`;

  it.skipIf(servers.length < 2)(`a difference that is known is told as one: ${reason}`, async () => {
    const args = servers.flatMap((server) => ['--redis', server]);
    const json = path.join(dir, 'matrix.json');
    const name = 'planned-failover';
    expect(await lab(name, '--variant', 'hardened', ...args, '--out', dir, '--json', json), out).toBe(0);
    const { servers: ran, rows, features } = JSON.parse(readFileSync(json, 'utf8'));
    expect(ran).toHaveLength(2);
    expect(rows).toHaveLength(1);
    // Whoever lacks the word is known to lose writes, and did.
    const has: boolean[] = features.find(({ name }: { name: string }) => /COORDINATED/.test(name)).offered;
    const differs = rows[0].cells.map((cell: { knownDifference: unknown }) => cell.knownDifference !== null);
    expect(differs).toEqual(has.map((one) => !one));
    const lost = rows[0].figures.find(({ label }: { label: string }) => label === 'acknowledged writes lost');
    expect(lost.spreads.map(({ median }: { median: number }) => median === 0)).toEqual(has);
    expect(existsSync(path.join(out.match(/matrix: (.*)/)?.[1] ?? ''))).toBe(true);
  });
});
