import { expect, test } from 'vitest';
import { prng } from '../common/prng.ts';
import { OperationLines } from './operation-lines.ts';

const text = (lines: OperationLines) => Buffer.from(lines.bytes()).toString('utf8');

test('whole numbers of every length, and strange ones, as JSON has them', () => {
  const random = prng(1);
  const numbers = Array.from({ length: 2000 }, () => Math.floor(random.next() * 10 ** random.integer(16)));
  for (let e = 0; e <= 15; e++) numbers.push(10 ** e, 10 ** e - 1, 10 ** e + 1);
  numbers.push(0, -7, 1.5, 1e15, 2 ** 31, 2 ** 32, 2 ** 53 - 1);
  const lines = new OperationLines();
  for (const number of numbers) lines.add(3, 'add', 'k', number, 0, 0, 'ok', null, null);
  const expected = numbers.map((number) => `[3,"add","k",${JSON.stringify(number)},0,0,"ok",null,null]\n`);
  expect(text(lines)).toBe(expected.join(''));
});

test('times to the microsecond', () => {
  const random = prng(2);
  const lines = new OperationLines();
  const times = Array.from(
    { length: 1000 },
    () => Math.round(random.next() * 10 ** random.integer(13)) / 1000,
  );
  for (const time of times) lines.add(0, 'read', 'k', null, time, time + 0.0004, 'ok', 'n', null);
  const rows = text(lines)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rows.map((row) => row[4])).toEqual(times);
  expect(rows.map((row) => row[5])).toEqual(times);
});

test('texts that change from line to line, and a second time round', () => {
  const lines = new OperationLines();
  const rows = Array.from({ length: 4096 }, (_, i) => [
    i % 7,
    `f${i % 2}`,
    `k${i % 3}`,
    i,
    i,
    i,
    'ok',
    `n${i % 5}`,
    i % 11 ? `e${i}` : null,
  ]);
  for (let round = 0; round < 2; round++) {
    for (const [client, f, key, value, invoked, completed, , node, error] of rows as [
      number,
      string,
      string,
      number,
      number,
      number,
      string,
      string,
      string | null,
    ][])
      lines.add(client, f, key, value, invoked, completed, 'ok', node, error);
    expect(lines.full).toBe(true);
    expect(
      text(lines)
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(rows);
    expect(lines.length).toBe(0);
  }
});

test('a time before the run is refused', () => {
  const lines = new OperationLines();
  expect(() => lines.add(0, 'add', 'k', 1, -1, 2, 'ok', null, null)).toThrow(/got -1/);
  expect(() => lines.add(0, 'add', 'k', 1, 1, Number.NaN, 'ok', null, null)).toThrow(/got NaN/);
  expect(lines.length).toBe(0);
});
