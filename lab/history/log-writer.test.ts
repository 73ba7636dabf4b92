import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LabError } from '../common/errors.ts';
import { until } from '../common/until.ts';
import { createLog } from './create-log.ts';
import { LogWriter } from './log-writer.ts';
import { readHistory } from './read-history.ts';

const clients = [{ name: 'a', group: 'writers', host: 'app-1' }];
let dir: string;
let path: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'history-'));
  path = join(dir, 'history.jsonl');
  createLog(path, clients);
});
afterEach(() => rm(dir, { recursive: true }));

const lines = () => readFileSync(path, 'utf8').trimEnd().split('\n');

test('writes one compact array a line, with times to the microsecond', () => {
  const writer = new LogWriter(path);
  writer.add(0, 'add', 'ids', 2 ** 53 - 1, 12.3456, 1000, 'ok', 'redis-1', null);
  writer.add(0, 'read', 'r', null, 0.0004, 2_000_000_000.5, 'info', null, 'timeout');
  writer.close();
  expect(lines().slice(2)).toEqual([
    '[0,"add","ids",9007199254740991,12.346,1000,"ok","redis-1",null]',
    '[0,"read","r",null,0,2000000000.5,"info",null,"timeout"]',
  ]);
});

const awkward = [
  'say "no"',
  'a\\b',
  'tab\tnew\nline\u0000',
  '</script>',
  '\ud800 lone',
  'é 漢 🙂',
  '\u2028',
  '',
];

test.each(awkward)('a key and an error such as %j come back as they went', async (text) => {
  const writer = new LogWriter(path);
  writer.add(0, 'add', text, 1, 1, 2, 'fail', null, text);
  writer.close();
  expect(readFileSync(path, 'utf8')).not.toContain('</script>');
  const { history } = await readHistory(path);
  expect([...history.operations]).toMatchObject([{ key: text, error: text }]);
});

test('an operation is in the file soon after, without flush', async () => {
  const writer = new LogWriter(path, { flushEveryMs: 5 });
  writer.add(0, 'add', 'ids', 1, 1, 2, 'ok', 'redis-1', null);
  expect(lines()).toHaveLength(2);
  await until(() => lines().length === 3, { what: 'it', withinMs: 5000 });
  writer.close();
});

test('writers that share a file keep each other whole', async () => {
  const writers = [0, 0, 0].map(() => new LogWriter(path, { flushAtLength: 1000 }));
  for (let i = 0; i < 3000; i++) writers[i % 3]?.add(0, 'add', 'ids', i, i, i + 1, 'ok', 'redis-1', null);
  for (const writer of writers) writer.close();
  const { history, truncated } = await readHistory(path);
  expect(truncated).toBe(false);
  expect(new Set([...history.operations].map((o) => o.value)).size).toBe(3000);
});

test.runIf(existsSync('/dev/full'))(
  'a full disk is an error that names the file and what was saved',
  async () => {
    const errors: LabError[] = [];
    const writer = new LogWriter('/dev/full', { flushEveryMs: 1, onError: (error) => errors.push(error) });
    writer.add(0, 'add', 'ids', 1, 1, 2, 'ok', 'redis-1', null);
    await until(() => errors.length > 0, { what: 'an error', withinMs: 5000 });
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toMatch(/\/dev\/full: no space left on the disk; 0 operations \(0 bytes\)/);
    writer.add(0, 'add', 'ids', 2, 1, 2, 'ok', 'redis-1', null);
    expect(() => writer.close()).toThrow(LabError);
  },
);

test('refuses to begin a history where one is, or to write where there is none', () => {
  expect(() => createLog(path, clients)).toThrow(LabError);
  expect(() => new LogWriter(join(dir, 'no', 'such'))).toThrow(/no.such/);
  closeSync(openSync(path, 'r'));
});
