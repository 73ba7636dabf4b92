import { closeSync, openSync, writeSync } from 'node:fs';
import { cannotWrite, historyColumns, historyFormat, historyVersion, idsPerLine } from './log-format.ts';
import type { ClientInfo, FinalRead } from './operation.ts';

/**
 * Begins a run's history: the header and the table of clients, whose order gives each client its index. `speed` is how
 * many times as fast as real time the clock goes by which times are told. Throws LabError when the file exists or cannot
 * be written.
 */
export function createLog(path: string, clients: readonly ClientInfo[], speed = 1): void {
  const header = {
    format: historyFormat,
    version: historyVersion,
    ...(speed === 1 ? {} : { speed }),
    columns: historyColumns,
  };
  const table = clients.map(({ name, group, host }, client) => ({ client, name, group, host }));
  append(path, [header, ...table], 'ax');
  for (const [client, { crashedAt }] of clients.entries())
    if (crashedAt !== undefined) appendCrash(path, client, crashedAt);
}

/** Notes that a client's process died, with operations that it may not have recorded. `at` in ms since the run's start. */
export function appendCrash(path: string, client: number, at: number): void {
  append(path, [{ crashed: client, at: toMicroseconds(at) }], 'a');
}

/** Adds the final read of one key, in lines of at most 5,000 values. */
export function appendFinalRead(path: string, read: FinalRead): void {
  const of = Math.max(1, Math.ceil(read.values.length / idsPerLine));
  const { key, node } = read;
  const at = toMicroseconds(read.at);
  for (let part = 1; part <= of; part++) {
    const values = read.values.slice((part - 1) * idsPerLine, part * idsPerLine);
    append(path, [{ final: read.subject, key, node, at, part, of, values }], 'a');
  }
}

function append(path: string, lines: readonly object[], flags: 'a' | 'ax'): void {
  const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), 'utf8');
  let fd: number | undefined;
  let written = 0;
  try {
    fd = openSync(path, flags);
    while (written < bytes.length) written += writeSync(fd, bytes, written);
  } catch (error) {
    throw cannotWrite(path, error, { bytes: written, operations: 0 });
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function toMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
