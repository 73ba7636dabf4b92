import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/**
 * Follows a growing log file by reading what was appended every few milliseconds. The lines carry their own
 * times, so the period decides only how soon the lab knows.
 */
export class LogFollower {
  readonly #fd: number;
  readonly #onLine: (line: string) => void;
  readonly #buffer = Buffer.alloc(64 * 1024);
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(file: string, onLine: (line: string) => void) {
    this.#fd = openSync(file, 'a+');
    this.#onLine = onLine;
  }

  /** Reads what has come since the last time. */
  poll(): void {
    for (;;) {
      const read = readSync(this.#fd, this.#buffer, 0, this.#buffer.length, null);
      if (read === 0) return;
      const lines = (this.#rest + this.#decoder.write(this.#buffer.subarray(0, read))).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) this.#onLine(line);
    }
  }

  close(): void {
    this.poll();
    closeSync(this.#fd);
  }
}
