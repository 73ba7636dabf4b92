import { closeSync, openSync, writeSync } from 'node:fs';
import type { LabError } from '../common/errors.ts';
import { cannotWrite } from './log-format.ts';
import type { Outcome } from './operation.ts';
import { OperationLines } from './operation-lines.ts';

export interface LogWriterOptions {
  /** Milliseconds that an operation waits in memory at most. Default 20. */
  flushEveryMs?: number;
  /** Bytes in memory, roughly, that are written at once. Default 65,536. */
  flushAtLength?: number;
  /** Called once when writing fails in the background; what follows is not recorded. Default: the error is thrown. */
  onError?: (error: LabError) => void;
}

/** An operation's line, roughly: what a chunk's length is estimated by before its lines are made. */
const usualLineLength = 64;

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
  readonly #pending = new OperationLines();
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
    redirects = 0,
    redirectedBy: string | null = null,
  ): void {
    if (this.#failure !== undefined) return;
    this.#pending.add(
      client,
      f,
      key,
      value,
      invoked,
      completed,
      outcome,
      node,
      error,
      redirects,
      redirectedBy,
    );
    if (this.#pending.full || this.#pending.length * usualLineLength >= this.#flushAtLength)
      this.#flushOrReport();
    else this.#timer ??= setTimeout(() => this.#flushOrReport(), this.#flushEveryMs);
  }

  /** Writes what is in memory. Throws LabError when that fails now or has failed before. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#failure !== undefined) throw this.#failure;
    const operations = this.#pending.length;
    if (operations === 0) return;
    const bytes = this.#pending.bytes();
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(this.#fd, bytes, written);
    } catch (cause) {
      this.#bytes += written;
      this.#operations += countLines(bytes.subarray(0, written));
      this.#failure = cannotWrite(this.path, cause, { bytes: this.#bytes, operations: this.#operations });
      throw this.#failure;
    }
    this.#bytes += bytes.length;
    this.#operations += operations;
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
}

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (const byte of bytes) if (byte === 10) lines++;
  return lines;
}
