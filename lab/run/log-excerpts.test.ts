import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { FaultWindow } from '../history/observations.ts';
import { logExcerpts } from './log-excerpts.ts';
import { logLineTime } from './log-line-time.ts';

const startMs = Date.parse('2026-11-21T12:00:00.000Z');
const fault = (injectedAt: number, healedAt: number | null): FaultWindow => ({
  id: 'kill-1',
  name: 'kill',
  text: 'kill redis-1',
  targets: ['redis-1'],
  injectedAt,
  provedAt: injectedAt,
  healedAt,
  recoveredAt: healedAt,
  proof: '',
});

function folder(logs: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'lab-logs-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  mkdirSync(path.join(dir, 'logs'));
  for (const [name, text] of Object.entries(logs)) writeFileSync(path.join(dir, 'logs', `${name}.log`), text);
  return dir;
}

function excerpts(logs: Readonly<Record<string, string>>, faults: FaultWindow[], durationMs = 60_000) {
  const seen = { faults, durationMs, startedAtUnixMs: startMs };
  return logExcerpts(folder(logs), { startedAt: new Date(startMs).toISOString(), seen });
}

const redis = (second: number, text: string) =>
  `12:M 21 Nov 2026 12:00:${String(second).padStart(2, '0')}.250 # ${text}`;

test('has what was written around the faults, on the run’s clock', () => {
  const lines = [2, 10, 11, 20, 40].map((second) => redis(second, `at ${second}`));
  const found = excerpts({ 'redis-1': `${lines.join('\n')}\n`, empty: '' }, [fault(10_500, 19_000)]);
  expect(found).toMatchObject({ from: 10_000, to: 21_500 });
  expect(found?.logs).toEqual([
    {
      process: 'redis-1',
      lines: lines.slice(1, 4),
      at: [10_250, 11_250, 20_250],
      leftOut: 0,
      leftOutAfter: 2,
    },
  ]);
});

test('has everything where there was no fault: a server that refused its configuration says so at once', () => {
  const found = excerpts({ 'redis-1': '*** FATAL CONFIG FILE ERROR ***\nBad directive\n' }, []);
  expect(found?.logs[0]).toMatchObject({
    lines: ['*** FATAL CONFIG FILE ERROR ***', 'Bad directive'],
    at: [null, null],
  });
});

test('counts lines without a time to the line before them', () => {
  const text = `${redis(10, 'Guru Meditation')}\n    at Timeout\n${redis(50, 'late')}\n    of the late one\n`;
  expect(excerpts({ a: text }, [fault(10_000, 11_000)])?.logs[0]?.lines).toEqual([
    redis(10, 'Guru Meditation'),
    '    at Timeout',
  ]);
});

test('keeps the beginning and the end of what is too much, and says how much is missing', () => {
  const lines = Array.from({ length: 10_000 }, (_, i) => redis(10, `line ${i}`));
  const log = excerpts({ a: lines.join('\n') }, [fault(10_000, 11_000)])?.logs[0];
  expect(log?.lines[0]).toBe(lines[0]);
  expect(log?.lines.at(-1)).toBe(lines.at(-1));
  expect((log?.lines.length ?? 0) + (log?.leftOut ?? 0)).toBe(10_000);
  expect(log?.lines.join('').length).toBeLessThan(160_000);
  expect(log?.lines[(log?.leftOutAfter ?? 0) - 1]).toBe(lines[(log?.leftOutAfter ?? 0) - 1]);
});

test('is nothing without logs', () => {
  expect(excerpts({}, [])).toBeUndefined();
  expect(logExcerpts('/nowhere', { startedAt: '', seen: { faults: [], durationMs: 0 } })).toBeUndefined();
});

test.each([
  [redis(5, 'x'), startMs + 5250],
  [`{"level":30,"time":${startMs + 7},"msg":"ready"}`, startMs + 7],
  ['{"level":"error","time":"2026-11-21T12:00:05Z","message":"m"}', startMs + 5000],
  ['2026-11-21 12:00:00.668 UTC [119] LOG:  starting PostgreSQL 18.4', startMs + 668],
  ['    at listOnTimeout (node:internal/timers:685:17)', null],
])('%s', (line, at) => {
  expect(logLineTime(line)).toBe(at);
});
