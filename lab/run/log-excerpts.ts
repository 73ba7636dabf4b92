import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import path from 'node:path';
import type { Observations } from '../history/observations.ts';
import { logLineTime } from './log-line-time.ts';
import type { LogExcerpts, ProcessLog } from './record.ts';

/** So much is shown before the first fault and after the last one is over, in ms. */
const [beforeMs, afterMs] = [500, 2500];
/** All excerpts of a run, and one line, have at most so many characters. */
const mostChars = 160_000;
const mostOfLine = 400;
/** Of a longer log only its end is read. */
const mostRead = 16 * 1024 * 1024;

/** What the excerpts need to know of a run. */
interface Run {
  startedAt: string;
  seen: Pick<Observations, 'faults' | 'durationMs' | 'startedAtUnixMs'>;
}

/**
 * What every process of a run logged from shortly before the first fault until shortly after the last was healed, from
 * the folder's logs; all of it where there was no fault. Times are converted from the machine's clock to the run's.
 * Where that is too much, the beginning and the end of each log are kept. Undefined without any line.
 */
export function logExcerpts(dir: string, { startedAt, seen }: Run): LogExcerpts | undefined {
  const startMs = seen.startedAtUnixMs ?? Date.parse(startedAt);
  const window = windowOf(seen);
  const all = logsIn(dir).flatMap(([process, text]) => {
    const lines = linesIn(text, startMs).filter(
      ({ at }) => at === null || (at >= window.from && at <= window.to),
    );
    return lines.length === 0 ? [] : [{ process, lines }];
  });
  // What short logs leave of their share is divided among the longer ones.
  let room = mostChars;
  const logs = all
    .toSorted((a, b) => sizeOf(a.lines) - sizeOf(b.lines))
    .map(({ process, lines }, i): ProcessLog => {
      const log = bounded(process, lines, Math.floor(room / (all.length - i)));
      room -= sizeOf(log.lines.map((text) => ({ text })));
      return log;
    })
    .sort((a, b) => (a.process < b.process ? -1 : 1));
  return logs.length === 0 ? undefined : { ...window, logs };
}

interface Line {
  at: number | null;
  text: string;
}

function windowOf({ faults, durationMs }: Run['seen']): { from: number; to: number } {
  const first = Math.min(...faults.map(({ injectedAt }) => injectedAt));
  if (!Number.isFinite(first)) return { from: 0, to: durationMs };
  const ends = faults.map(({ healedAt, recoveredAt }) => recoveredAt ?? healedAt ?? durationMs);
  return { from: Math.max(0, first - beforeMs), to: Math.min(durationMs, Math.max(...ends) + afterMs) };
}

/** Name and text of each log that is there and not empty. */
function logsIn(dir: string): [process: string, text: string][] {
  let files: string[];
  try {
    files = readdirSync(path.join(dir, 'logs')).sort();
  } catch {
    return [];
  }
  return files.flatMap((file): [string, string][] => {
    if (!file.endsWith('.log')) return [];
    const text = endOf(path.join(dir, 'logs', file));
    return text === '' ? [] : [[file.slice(0, -'.log'.length), text]];
  });
}

function endOf(file: string): string {
  const fd = openSync(file, 'r');
  try {
    const { size } = fstatSync(fd);
    const buffer = Buffer.alloc(Math.min(size, mostRead));
    const read = readSync(fd, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8', 0, read);
  } finally {
    closeSync(fd);
  }
}

/** A line without a time has that of the line before it, which it belongs to. */
function linesIn(text: string, startMs: number): Line[] {
  let at: number | null = null;
  return text.split('\n').flatMap((line): Line[] => {
    const wallMs = logLineTime(line);
    if (wallMs !== null) at = wallMs - startMs;
    if (line.trim() === '') return [];
    return [{ at, text: line.length > mostOfLine ? `${line.slice(0, mostOfLine)}…` : line }];
  });
}

/** Characters of lines with their times. */
function sizeOf(lines: readonly { text: string }[]): number {
  return lines.reduce((sum, { text }) => sum + text.length + 8, 0);
}

/** From the beginning and the end alike, until there is no more room. */
function bounded(process: string, lines: readonly Line[], room: number): ProcessLog {
  let [head, tail, used] = [0, 0, 0];
  while (head + tail < lines.length) {
    const isHead = head <= tail;
    const next = lines[isHead ? head : lines.length - 1 - tail] as Line;
    if (used + sizeOf([next]) > room) break;
    used += sizeOf([next]);
    if (isHead) head++;
    else tail++;
  }
  const kept = [...lines.slice(0, head), ...lines.slice(lines.length - tail)];
  return {
    process,
    lines: kept.map(({ text }) => text),
    at: kept.map(({ at }) => at),
    leftOut: lines.length - kept.length,
    leftOutAfter: head,
  };
}
