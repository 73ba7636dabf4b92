import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { textOf } from '../../reports/data/run-document.ts';
import { hardenedSample, splitBrainSample } from '../../reports/data/sample.ts';
import { main } from './main.ts';

let out = '';
let err = '';
let dir: string;
const streams = {
  stdout: { write: (text: string) => (out += text) },
  stderr: { write: (text: string) => (err += text) },
};
beforeEach(() => {
  [out, err] = ['', ''];
  dir = mkdtempSync(path.join(tmpdir(), 'lab-compare-'));
  for (const [name, document] of [['a', splitBrainSample()] as const, ['b', hardenedSample()] as const]) {
    mkdirSync(path.join(dir, name));
    writeFileSync(path.join(dir, name, 'run.json'), textOf(document));
  }
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('lab compare writes a page beside the second run, and says what was different', async () => {
  expect(await main(['compare', path.join(dir, 'a'), path.join(dir, 'b', 'run.json')], streams)).toBe(0);
  expect(out).toMatch(/split-brain vulnerable \(seed \d+\): as-expected/);
  expect(out).toContain('  variant: vulnerable → hardened\n');
  expect(out).toContain(`report: ${path.join(dir, 'b', 'comparison.html')}\n`);
  expect(readFileSync(path.join(dir, 'b', 'comparison.html'), 'utf8')).toContain('two runs');
});

test('lab compare puts the page where it is told to', async () => {
  const html = path.join(dir, 'site', 'c.html');
  expect(await main(['compare', path.join(dir, 'a'), path.join(dir, 'a'), '--html', html], streams)).toBe(0);
  expect(out).toContain('nothing was different beforehand');
  expect(readFileSync(html, 'utf8')).toContain('two runs');
});

test('lab compare needs two runs', async () => {
  expect(await main(['compare', path.join(dir, 'a')], streams)).toBe(2);
  expect(err).toContain("missing required argument 'second'");
  expect(await main(['compare', path.join(dir, 'a'), dir], streams)).toBe(2);
  expect(err).toContain('got a folder without run.json');
});
