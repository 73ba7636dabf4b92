import type { HistoryStore } from './history-store.ts';
import { outcomes } from './history-store.ts';
import { historyColumns } from './log-format.ts';
import type { FinalRead } from './operation.ts';

/** A line that is not what it should be: what was expected and what was found instead. */
export class DamagedLine extends Error {
  override readonly name = 'DamagedLine';
}

/** A final read whose lines have not all come yet. */
export interface OpenRead {
  subject: FinalRead['subject'];
  key: string;
  node: string;
  at: number;
  values: number[];
  /** Lines seen and lines there should be. */
  part: number;
  of: number;
}

const subjects: readonly string[] = ['set', 'register', 'counter', 'orders', 'conversation'];

/** Takes any line but the header into the history, the slow and exact way. Throws DamagedLine. */
export function parseLine(line: string, store: HistoryStore, reads: Map<string, OpenRead>): void {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new DamagedLine(`expected one JSON value, got ${shorten(line)}`);
  }
  if (typeof value !== 'object' || value === null) damaged('an array or an object', line);
  const record = value as Record<string, unknown>;
  if (Array.isArray(value)) parseOperation(value, store, line);
  else if ('client' in record) parseClient(record, store, line);
  else if ('crashed' in record) parseCrash(record, store, line);
  else if ('final' in record) parseFinalRead(record, reads, line);
  else damaged('a line about a client, a crash or a final read', line);
}

function parseOperation(row: readonly unknown[], store: HistoryStore, line: string): void {
  const [
    client,
    f,
    key,
    value,
    invoked,
    completed,
    outcome,
    node,
    error,
    redirects = 0,
    redirectedBy = null,
  ] = row;
  const known = (outcomes as readonly unknown[]).indexOf(outcome);
  if (row.length < historyColumns.length || row.length > historyColumns.length + 2)
    damaged(
      `${historyColumns.length} columns (${historyColumns.join(', ')}), and perhaps redirects and redirectedBy`,
      line,
    );
  if (!isIndex(client, store.clients.length)) damaged(`a client's index below ${store.clients.length}`, line);
  if (typeof f !== 'string' || typeof key !== 'string') damaged('f and key to be texts', line);
  if (value !== null && typeof value !== 'number') damaged('value to be a number or null', line);
  if (typeof invoked !== 'number' || typeof completed !== 'number') damaged('times in ms', line);
  if (known < 0) damaged(`outcome to be one of ${outcomes.join(', ')}`, line);
  if (!isTextOrNull(node) || !isTextOrNull(error)) damaged('node and error to be texts or null', line);
  if (!Number.isSafeInteger(redirects) || (redirects as number) < 0)
    damaged('redirects to be a whole number', line);
  if (!isTextOrNull(redirectedBy)) damaged('redirectedBy to be a text', line);
  store.addRow(
    client,
    store.intern(f),
    store.intern(key),
    value,
    invoked,
    completed,
    known,
    node === null ? 0 : store.intern(node),
    error === null ? 0 : store.intern(error),
    redirects as number,
    redirectedBy === null ? 0 : store.intern(redirectedBy),
  );
}

function parseClient(record: Record<string, unknown>, store: HistoryStore, line: string): void {
  const { client, name, group, host } = record;
  if (client !== store.clients.length) damaged(`client ${store.clients.length} next`, line);
  if (typeof name !== 'string' || typeof group !== 'string' || typeof host !== 'string')
    damaged('name, group and host to be texts', line);
  store.clients.push({ name, group, host });
}

function parseCrash(record: Record<string, unknown>, store: HistoryStore, line: string): void {
  const { crashed, at } = record;
  if (!isIndex(crashed, store.clients.length))
    damaged(`a client's index below ${store.clients.length}`, line);
  if (typeof at !== 'number') damaged('at to be a time in ms', line);
  const client = store.clients[crashed];
  if (client !== undefined) store.clients[crashed] = { ...client, crashedAt: at };
}

function parseFinalRead(record: Record<string, unknown>, reads: Map<string, OpenRead>, line: string): void {
  const { final, key, node, at, part, of, values } = record;
  if (typeof final !== 'string' || !subjects.includes(final))
    damaged(`final to be one of ${subjects.join(', ')}`, line);
  if (typeof key !== 'string' || typeof node !== 'string' || typeof at !== 'number')
    damaged('key, node and at', line);
  if (!Array.isArray(values) || !values.every((value) => typeof value === 'number'))
    damaged('values to be a list of numbers', line);
  const id = JSON.stringify([final, key, node, at]);
  const open = reads.get(id);
  const next = (open?.part ?? 0) + 1;
  if (part !== next || typeof of !== 'number' || of < next || (open !== undefined && open.of !== of))
    damaged(`part ${next} of this final read`, line);
  if (open === undefined) {
    const subject = final as FinalRead['subject'];
    reads.set(id, { subject, key, node, at, values: [...values], part: 1, of });
    return;
  }
  open.part = next;
  for (const value of values) open.values.push(value);
}

function isIndex(value: unknown, below: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < below;
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function damaged(expected: string, line: string): never {
  throw new DamagedLine(`expected ${expected}, got ${shorten(line)}`);
}

/** A line as it can stand in a message. */
export function shorten(line: string): string {
  return line.length <= 100
    ? JSON.stringify(line)
    : `${JSON.stringify(line.slice(0, 100))}… (${line.length} characters)`;
}
