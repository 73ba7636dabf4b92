import { closeSync, openSync, writeSync } from 'node:fs';
import type { LabError } from '../common/errors.ts';
import { cannotWrite } from './log-format.ts';
import type { Outcome } from './operation.ts';

export interface LogWriterOptions {
  /** Milliseconds that an operation waits in memory at most. Default 20. */
  flushEveryMs?: number;
  /** Characters in memory that are written at once. Default 65,536. */
  flushAtLength?: number;
  /** Called once when writing fails in the background; what follows is not recorded. Default: the error is thrown. */
  onError?: (error: LabError) => void;
}

/** The decimals of every number of microseconds below a millisecond: '' for 0, '.5' for 500. */
const decimals = Array.from({ length: 1000 }, (_, us) => String(us / 1000).slice(1));

/** Longer tables of quoted texts than this are started afresh: error messages may be without end. */
const quotedLimit = 4096;

/**
 * Appends operations to a history that `createLog` has begun. Several processes may have the same file open:
 * each write is one chunk of whole lines in append mode, which the kernel keeps in one piece.
 */
export class LogWriter {
  readonly path: string;
  readonly #fd: number;
  readonly #flushEveryMs: number;
  readonly #flushAtLength: number;
  readonly #onError: ((error: LabError) => void) | undefined;
  readonly #quoted = new Map<string, string>();
  #pending = '';
  #pendingOperations = 0;
  #operations = 0;
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #failure: LabError | undefined;
  #closed = false;

  /** Throws LabError when the file cannot be opened; it has to exist. */
  constructor(path: string, options: LogWriterOptions = {}) {
    this.path = path;
    this.#flushEveryMs = options.flushEveryMs ?? 20;
    this.#flushAtLength = options.flushAtLength ?? 65_536;
    this.#onError = options.onError;
    try {
      this.#fd = openSync(path, 'a');
    } catch (error) {
      throw cannotWrite(path, error, { bytes: 0, operations: 0 });
    }
  }

  /** Operations that are in the file. */
  get operations(): number {
    return this.#operations;
  }

  /** Records one finished operation. `client` is its index in the table of clients; the rest as in Operation. */
  add(
    client: number,
    f: string,
    key: string,
    value: number | null,
    invoked: number,
    completed: number,
    outcome: Outcome,
    node: string | null,
    error: string | null,
  ): void {
    if (this.#failure !== undefined) return;
    // Concatenation with cached quotes: three times as fast as JSON.stringify of the row.
    this.#pending += `[${client},${this.#quote(f)},${this.#quote(key)},${value},${ms(invoked)},${ms(completed)},"${outcome}",${
      node === null ? 'null' : this.#quote(node)
    },${error === null ? 'null' : this.#quote(error)}]\n`;
    this.#pendingOperations++;
    if (this.#pending.length >= this.#flushAtLength) this.#flushOrReport();
    else this.#timer ??= setTimeout(() => this.#flushOrReport(), this.#flushEveryMs);
  }

  /** Writes what is in memory. Throws LabError when that fails now or has failed before. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#pending === '') return;
    const bytes = Buffer.from(this.#pending, 'utf8');
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(this.#fd, bytes, written);
    } catch (cause) {
      this.#bytes += written;
      this.#operations += countLines(bytes.subarray(0, written));
      this.#failure = cannotWrite(this.path, cause, { bytes: this.#bytes, operations: this.#operations });
      this.#pending = '';
      throw this.#failure;
    }
    this.#bytes += bytes.length;
    this.#operations += this.#pendingOperations;
    this.#pending = '';
    this.#pendingOperations = 0;
  }

  /** Writes what is in memory and closes the file. Throws LabError as flush does. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.flush();
    } finally {
      closeSync(this.#fd);
    }
  }

  #flushOrReport(): void {
    try {
      this.flush();
    } catch (error) {
      if (this.#onError === undefined || this.#failure === undefined) throw error;
      this.#onError(this.#failure);
    }
  }

  #quote(text: string): string {
    const known = this.#quoted.get(text);
    if (known !== undefined) return known;
    if (this.#quoted.size >= quotedLimit) this.#quoted.clear();
    // JSON.stringify is well-formed: lone surrogates become escapes. `<` too, should anybody embed a line in HTML.
    const quoted = JSON.stringify(text).replaceAll('<', '\\u003c');
    this.#quoted.set(text, quoted);
    return quoted;
  }
}

/** A time as JSON, to the microsecond. Two small integers are printed much faster than one fraction. */
function ms(time: number): string {
  const us = Math.round(time * 1000);
  if (!(us >= 0)) throw new RangeError(`expected a time in ms since the run's start, got ${time}`);
  const whole = Math.floor(us / 1000);
  return whole + (decimals[us - whole * 1000] ?? '');
}

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (const byte of bytes) if (byte === 10) lines++;
  return lines;
}
