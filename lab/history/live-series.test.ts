import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLog } from './create-log.ts';
import { liveSeries } from './live-series.ts';
import { readHistory } from './read-history.ts';
import { computeSeries } from './series.ts';

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'lab-live-series-'));
  file = path.join(dir, 'history.jsonl');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const clients = [
  { name: 'a/1', group: 'a', host: 'h' },
  { name: 'b/1', group: 'b', host: 'h' },
];
const lines = [
  '[0,"add","k",1,10.5,12,"ok","redis-1",null]',
  '[1,"add","k",2,20,420.25,"info",null,"timeout"]',
  '[0,"add","k",3,600,603,"ok","redis-2",null]',
  '[0,"add","k",4,700,702,"fail",null,"unclassified: \\"quoted\\""]',
  '[1,"add","k",5,1400,1401,"ok","redis-2",null,1,"MOVED:1"]',
];

it('is what the whole history gives, however the file grew', async () => {
  const series = liveSeries(file);
  expect(await series.upTo(100)).toEqual({ bucketMs: 500, groups: [] });
  createLog(file, clients);
  const text = lines.map((line) => `${line}\n`).join('');
  for (let at = 0; at < text.length; at += 7) {
    appendFileSync(file, text.slice(at, at + 7));
    await series.upTo(1500);
  }
  const { history } = await readHistory(file);
  const { series: whole } = computeSeries({
    operations: history.operations,
    clients,
    durationMs: 1500,
    bucketMs: 500,
  });
  expect((await series.upTo(1500)).groups).toEqual(whole.groups);
});

it('keeps the last four minutes', async () => {
  createLog(file, clients);
  appendFileSync(file, `${lines[0]}\n`);
  const series = liveSeries(file);
  expect((await series.upTo(240_000)).groups[0]?.ok[0]).toBe(1);
  const later = await series.upTo(240_500);
  expect(later.groups[0]?.ok).toHaveLength(481);
  expect(later.groups[0]?.ok[0]).toBe(0);
});

it('passes over what it cannot read', async () => {
  createLog(file, clients);
  appendFileSync(file, `[0,"add","k",1,10\n{"crashed":0,"at":5}\nrubbish\n${lines[0]}\n`);
  expect((await liveSeries(file).upTo(500)).groups[0]?.ok).toEqual([1]);
});
