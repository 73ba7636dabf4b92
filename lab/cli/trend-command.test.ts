import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RunDocument, textOf } from '../../reports/data/run-document.ts';
import { sampleNights } from '../../reports/nights/sample-nights.ts';
import { main } from './main.ts';

let out = '';
let err = '';
let dir: string;
beforeEach(() => {
  [out, err] = ['', ''];
  dir = mkdtempSync(path.join(tmpdir(), 'lab-trend-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const streams = {
  stdout: { write: (text: string) => (out += text) },
  stderr: { write: (text: string) => (err += text) },
};
const history = () => path.join(dir, 'state', 'nights.sqlite');
const trend = (...args: string[]) => main(['trend', '--history', history(), ...args], streams);

/** A folder with a run folder for each document. */
function folderOf(name: string, documents: readonly RunDocument[]): string {
  const folder = path.join(dir, name);
  for (const [i, document] of documents.entries()) {
    mkdirSync(path.join(folder, `run-${i}`), { recursive: true });
    writeFileSync(path.join(folder, `run-${i}`, 'run.json'), textOf(document));
  }
  return folder;
}

async function addAll(nights: readonly (readonly RunDocument[])[]): Promise<number[]> {
  const codes: number[] = [];
  for (const [i, documents] of nights.entries()) codes.push(await trend(folderOf(`night-${i}`, documents)));
  return codes;
}

describe('lab trend', () => {
  test('adds night after night, and is quiet as long as they are alike', async () => {
    expect(await addAll(sampleNights(8))).toEqual(Array(8).fill(0));
    expect(out).toContain('8 nights in all');
    expect(out.trimEnd().split('\n').at(-3)).toMatch(/too few|nothing has changed against the nights before/);
    expect(out).toContain(`report: ${path.join(dir, 'state', 'nights.html')}`);
    expect(readFileSync(path.join(dir, 'state', 'nights.html'), 'utf8')).toContain(
      'Nothing has changed against the nights before',
    );
  });

  test('tells of a figure that left them, once: after that it is the level', async () => {
    const nights = sampleNights(9, 1500);
    const codes = await addAll(nights);
    expect(codes).toEqual([...Array(8).fill(0), 1]);
    expect(out).toMatch(
      /split-brain hardened: availability: longest outage of a client: 3\.\d+\u202fs, before 2\.\d+\u202fs: higher than on any of 8 nights \(p < 0\.001/,
    );
    out = '';
    const next = (nights.at(-1) ?? []).map((document) => ({
      ...document,
      startedAt: document.startedAt.replace('2026-01-09', '2026-01-10'),
    }));
    expect(await trend(folderOf('next', next))).toBe(0);
    expect(out).not.toContain('higher');
  });

  test('tells of a claim that came out otherwise, also as JSON', async () => {
    const nights = sampleNights(3);
    const last = nights[2]?.map((document) => ({ ...document, outcome: 'unexpected' as const })) ?? [];
    expect(await addAll([...nights.slice(0, 2), last])).toEqual([0, 0, 1]);
    expect(out).toContain(
      'split-brain vulnerable · 7.0.15: unexpected, the last night: as-expected (as expected before: 100',
    );
    const json = path.join(dir, 'deep', 'trend.json');
    expect(await trend('--json', json, '--html', path.join(dir, 'site', 'index.html'))).toBe(1);
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({
      nights: [{ id: 1 }, { id: 2 }, { id: 3 }],
      claims: [{ outcome: 'unexpected', previous: 'as-expected' }, {}],
    });
    expect(existsSync(path.join(dir, 'site', 'index.html'))).toBe(true);
  });

  test('adds the same runs once', async () => {
    const [night = []] = sampleNights(1);
    const folder = folderOf('night', night);
    expect(await trend(folder, folder, '--label', 'abc123')).toBe(0);
    expect(out).toMatch(/\(abc123\), 6 runs; 1 night in all/);
    out = '';
    expect(await trend(path.join(folder, 'run-0'), folder)).toBe(0);
    expect(out).toMatch(/these runs were there already[\s\S]*6 runs; 1 night in all/);
  });

  test('says what it expected, and leaves no history behind', async () => {
    expect(await trend()).toBe(2);
    expect(err).toContain('expected folders with runs, or a history with nights; there is nothing at');
    expect(await trend(path.join(dir, 'nowhere'))).toBe(2);
    expect(err).toContain(`expected a folder with runs, got nothing at ${path.join(dir, 'nowhere')}`);
    mkdirSync(path.join(dir, 'empty'));
    expect(await trend(path.join(dir, 'empty'))).toBe(2);
    expect(err).toContain('got one without any');
    expect(existsSync(history())).toBe(false);
    mkdirSync(path.dirname(history()));
    writeFileSync(history(), 'something else'.repeat(100));
    expect(await trend(folderOf('night', sampleNights(1)[0] ?? []))).toBe(2);
    expect(err).toMatch(/--history .*nights\.sqlite: .*not a database/);
  });
});
