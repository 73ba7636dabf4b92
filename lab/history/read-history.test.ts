import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { appendCrash, appendFinalRead, createLog } from './create-log.ts';
import { historyStore } from './history-store.ts';
import { LogWriter } from './log-writer.ts';
import type { Operation } from './operation.ts';
import { readHistory } from './read-history.ts';

const clients = [
  { name: 'a', group: 'writers', host: 'app-1' },
  { name: 'b', group: 'readers', host: 'app-2' },
];
const operations: Operation[] = [
  {
    client: 'a',
    f: 'add',
    key: 'ids',
    value: 1,
    invoked: 1.5,
    completed: 2.125,
    outcome: 'ok',
    node: 'redis-1',
    error: null,
  },
  {
    client: 'b',
    f: 'read',
    key: 'r',
    value: null,
    invoked: 3,
    completed: 4.001,
    outcome: 'fail',
    node: null,
    error: 'READONLY',
  },
];
let dir: string;
let path: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'history-'));
  path = join(dir, 'history.jsonl');
  createLog(path, clients);
  const writer = new LogWriter(path);
  writer.add(0, 'add', 'ids', 1, 1.5, 2.125, 'ok', 'redis-1', null);
  writer.add(1, 'read', 'r', null, 3, 4.001, 'fail', null, 'READONLY');
  writer.close();
});
afterEach(() => rm(dir, { recursive: true }));

test('reads back what was written, again and again', async () => {
  appendFinalRead(path, { subject: 'set', key: 'ids', node: 'redis-2', at: 9.25, values: [1] });
  const { history, truncated } = await readHistory(path);
  expect(truncated).toBe(false);
  expect(history.clients).toEqual(clients);
  expect(history.operations.length).toBe(2);
  expect([...history.operations]).toEqual(operations);
  expect([...history.operations]).toEqual(operations);
  expect(history.finalReads).toEqual([
    { subject: 'set', key: 'ids', node: 'redis-2', at: 9.25, values: [1] },
  ]);
});

test('a final read of many ids is put together again; one with a missing end is left out and reported', async () => {
  const values = Array.from({ length: 12_001 }, (_, i) => 2 ** 32 + i);
  appendFinalRead(path, { subject: 'set', key: 'ids', node: 'redis-2', at: 9, values });
  expect((await readHistory(path)).history.finalReads[0]?.values).toEqual(values);
  const kept = readFileSync(path, 'utf8').split('\n').slice(0, -2);
  writeFileSync(path, `${kept.join('\n')}\n`);
  const cut = await readHistory(path);
  expect(cut.history.finalReads).toEqual([]);
  expect(cut).toMatchObject({ truncated: true, notes: [expect.stringContaining('part 2 of 3')] });
});

test('an empty final read stays an empty one', async () => {
  appendFinalRead(path, { subject: 'counter', key: 'c', node: 'redis-1', at: 9, values: [] });
  expect((await readHistory(path)).history.finalReads).toMatchObject([{ key: 'c', values: [] }]);
});

test('an incomplete last line is reported and the rest is there', async () => {
  truncateSync(path, readFileSync(path).length - 8);
  const file = await readHistory(path);
  expect(file.truncated).toBe(true);
  expect(file.history.operations.length).toBe(1);
});

test('knows which client died, and forgives the half line it left in the middle', async () => {
  appendFileSync(path, '[0,"add","ids",2,5,');
  const writer = new LogWriter(path);
  writer.add(1, 'add', 'ids', 3, 5, 6, 'ok', 'redis-1', null);
  writer.close();
  await expect(readHistory(path)).rejects.toThrow(/line 6: expected one JSON value/);
  appendCrash(path, 0, 7.5);
  const file = await readHistory(path);
  expect(file.history.clients[0]).toEqual({ ...clients[0], crashedAt: 7.5 });
  expect([...file.history.operations].map((o) => o.value)).toEqual([1, null, 3]);
  expect(file.truncated).toBe(true);
});

test('how often and why an operation was sent on is kept, and nothing where it was not', async () => {
  const writer = new LogWriter(path);
  writer.add(0, 'add', 'ids', 2, 5, 6, 'ok', 'redis-2', null, 3, 'MOVED:2 connection:1');
  writer.add(0, 'add', 'ids', 3, 6, 7, 'ok', 'redis-2', null);
  writer.close();
  appendFileSync(path, '[0, "add", "ids", 4, 7, 8, "info", null, "timeout", 2]\n');
  appendFileSync(path, '[0, "add", "ids", 5, 8, 9, "fail", null, "MOVED", 1, "ASK:1"]\n');
  const { history } = await readHistory(path);
  expect([...history.operations].map(({ redirects }) => redirects)).toEqual([
    undefined,
    undefined,
    3,
    undefined,
    2,
    1,
  ]);
  expect([...history.operations].map(({ redirectedBy }) => redirectedBy)).toEqual([
    undefined,
    undefined,
    'MOVED:2 connection:1',
    undefined,
    undefined,
    'ASK:1',
  ]);
  const copy = historyStore(history.clients);
  for (const operation of history.operations) copy.add(operation);
  expect([...copy.operations]).toEqual([...history.operations]);
  expect(readFileSync(path, 'utf8')).toContain('[0,"add","ids",3,6,7,"ok","redis-2",null]\n');
});

test('spellings of others are read too: spaces, escapes, more decimals', async () => {
  appendFileSync(path, '[0, "add", "\\u0069ds", 7, 1.00005, 2e3, "ok", null, null]\n');
  const { history } = await readHistory(path);
  expect([...history.operations][2]).toMatchObject({
    key: 'ids',
    value: 7,
    invoked: 1.00005,
    completed: 2000,
  });
});

test.each([
  ['[0,"add","ids",1,1,2,"ok","redis-1"]', /expected 9 columns/],
  ['[9,"add","ids",1,1,2,"ok","redis-1",null]', /expected a client's index below 2, got .*\[9/],
  ['[0,"add","ids",1,1,2,"okay","redis-1",null]', /outcome to be one of ok, fail, info/],
  ['[0,"add","ids",1,"1",2,"ok","redis-1",null]', /times in ms/],
  ['[0,"add","ids",1,1,2,"ok","redis-1",null,"x"]', /redirects to be a whole number/],
  ['[0,"add","ids",1,1,2,"ok","redis-1",null,1,2]', /redirectedBy to be a text/],
  ['{"final":"list","key":"k","node":"n","at":1,"part":1,"of":1,"values":[]}', /final to be one of/],
  ['{"final":"set","key":"k","node":"n","at":1,"part":2,"of":2,"values":[]}', /expected part 1/],
  ['{"client":7,"name":"c","group":"g","host":"h"}', /expected client 2 next/],
  ['nonsense', /expected one JSON value, got "nonsense"/],
  ['', /expected one JSON value, got ""/],
])('names file, line, expected and found for %s', async (line, message) => {
  appendFileSync(path, `${line}\n`);
  await expect(readHistory(path)).rejects.toThrow(message);
  await expect(readHistory(path)).rejects.toThrow(`${path}, line 6: `);
});

test.each([
  ['', /line 1: expected {"format":"failover-lab history",…}, got nothing/],
  ['{"format":"else"}\n', /line 1: expected {"format"/],
  ['{"format":"failover-lab history","version":2}\n', /expected version 1 of the format, got 2/],
])('refuses a file that begins with %j', async (text, message) => {
  writeFileSync(path, text);
  await expect(readHistory(path)).rejects.toThrow(message);
});

test('a file that is not there is named', async () => {
  await expect(readHistory(join(dir, 'none.jsonl'))).rejects.toThrow(/none\.jsonl/);
});
