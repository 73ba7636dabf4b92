import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LogFollower } from './log-follower.ts';

let directory: string;
let file: string;
let lines: string[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lab-follower-'));
  file = join(directory, 'redis.log');
  lines = [];
});
afterEach(() => rmSync(directory, { recursive: true }));

const follow = () => new LogFollower(file, (line) => lines.push(line));

it('tells each line once, whole, in order, and the last one that came before it was closed', () => {
  const follower = follow();
  follower.poll();
  expect(lines).toEqual([]);
  appendFileSync(file, 'one\ntw');
  follower.poll();
  expect(lines).toEqual(['one']);
  appendFileSync(file, 'o\n\nthree');
  follower.poll();
  expect(lines).toEqual(['one', 'two', '']);
  appendFileSync(file, '\nfour\n');
  follower.close();
  expect(lines).toEqual(['one', 'two', '', 'three', 'four']);
});

it('begins with what the file has already', () => {
  writeFileSync(file, 'before\n');
  follow().close();
  expect(lines).toEqual(['before']);
});

it('puts characters together that were written in pieces', () => {
  const follower = follow();
  const bytes = Buffer.from('schön €\n');
  for (const byte of bytes) {
    appendFileSync(file, Buffer.from([byte]));
    follower.poll();
  }
  follower.close();
  expect(lines).toEqual(['schön €']);
});

it('reads more than fits its buffer', () => {
  const long = 'x'.repeat(200_000);
  writeFileSync(file, `${long}\n${long}\n`);
  follow().close();
  expect(lines.map((line) => line.length)).toEqual([200_000, 200_000]);
});
