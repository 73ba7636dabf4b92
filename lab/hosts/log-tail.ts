import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const MOST_BYTES = 8192;

/** The last lines of a log, oldest first; none when there is no such file. */
export function tailOf(file: string, lines = 12): string[] {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    return [];
  }
  try {
    const { size } = fstatSync(fd);
    const buffer = Buffer.alloc(Math.min(size, MOST_BYTES));
    const read = readSync(fd, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8', 0, read).split('\n').filter(Boolean).slice(-lines);
  } finally {
    closeSync(fd);
  }
}
