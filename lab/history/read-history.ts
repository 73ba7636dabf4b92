import { type FileHandle, open } from 'node:fs/promises';
import { LabError, messageOf } from '../common/errors.ts';
import { type HistoryStore, historyStore } from './history-store.ts';
import { historyFormat, historyVersion } from './log-format.ts';
import type { History } from './operation.ts';
import { DamagedLine, type OpenRead, parseLine, shorten } from './parse-line.ts';
import { type RowParser, rowParser } from './parse-row.ts';

/** What was found in a history's file. */
export interface HistoryFile {
  history: History;
  /** Something that was begun is not complete: the last line, a final read, or a line of a client that died. */
  truncated: boolean;
  /** For people: what is incomplete. Empty when nothing is. */
  notes: readonly string[];
}

const chunkBytes = 1 << 20;
const newline = 10;
/** Places in a damaged line at which another line is looked for; one written by the lab has few brackets. */
const salvageTries = 64;

/**
 * Reads `history.jsonl`, a chunk at a time. An incomplete end is reported, not an error: the disk was full or
 * the lab was killed. A final read of which lines are missing is left out, because what is not in it is not lost.
 * Throws LabError that names the file, the line, what was expected and what was found.
 */
export async function readHistory(path: string): Promise<HistoryFile> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    throw new LabError(`cannot read the history: ${messageOf(error)}`, { cause: error });
  }
  const reader = new LineReader(path);
  try {
    let buffer = Buffer.allocUnsafe(chunkBytes);
    let kept = 0;
    for (;;) {
      if (kept === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
      const { bytesRead } = await file.read(buffer, kept, buffer.length - kept);
      if (bytesRead === 0) return reader.end(buffer.toString('utf8', 0, kept));
      const filled = kept + bytesRead;
      const rest = reader.lines(buffer, filled);
      buffer.copyWithin(0, rest, filled);
      kept = filled - rest;
    }
  } finally {
    await file.close();
  }
}

/** Lines into a history, counting them. */
class LineReader {
  readonly #path: string;
  readonly #store: HistoryStore = historyStore();
  readonly #reads = new Map<string, OpenRead>();
  readonly #parseRow: RowParser = rowParser(this.#store);
  readonly #torn: { line: number; why: string }[] = [];
  #line = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Takes every whole line of the first `filled` bytes; returns where the incomplete one begins. */
  lines(buffer: Buffer, filled: number): number {
    let start = 0;
    for (;;) {
      const end = buffer.indexOf(newline, start);
      if (end < 0 || end >= filled) return start;
      this.#line++;
      if (this.#line === 1 || !this.#parseRow(buffer, start, end))
        this.#slowly(buffer.toString('utf8', start, end));
      start = end + 1;
    }
  }

  /** The end of the file: `rest` is what stands behind the last line's end. */
  end(rest: string): HistoryFile {
    if (this.#line === 0) this.#header(rest);
    const notes: string[] = [];
    if (rest !== '') notes.push(`line ${this.#line + 1} is incomplete: ${shorten(rest)}`);
    const died = this.#store.clients.some((client) => client.crashedAt !== undefined);
    for (const { line, why } of this.#torn) {
      if (!died) this.#fail(line, why);
      notes.push(`line ${line} begins with the incomplete line of a client that died`);
    }
    for (const { part, of, values, ...read } of this.#reads.values()) {
      if (part === of) this.#store.finalReads.push({ ...read, values });
      else notes.push(`the final read of ${JSON.stringify(read.key)} ends after part ${part} of ${of}`);
    }
    return { history: this.#store, truncated: notes.length > 0, notes };
  }

  #slowly(line: string): void {
    try {
      if (this.#line === 1) this.#header(line);
      else parseLine(line, this.#store, this.#reads);
    } catch (error) {
      if (!(error instanceof DamagedLine)) throw error;
      if (!this.#salvage(line)) this.#fail(this.#line, error.message);
      this.#torn.push({ line: this.#line, why: error.message });
    }
  }

  /**
   * A process killed while it was writing leaves the beginning of a line, and another's next line stands
   * directly behind it. Takes that one, if there is one; whether somebody was killed is known only at the end.
   */
  #salvage(line: string): boolean {
    let at = nextOpening(line, 0);
    for (let tries = 0; at > 0 && tries < salvageTries; at = nextOpening(line, at), tries++) {
      const rest = Buffer.from(line.slice(at), 'utf8');
      if (this.#parseRow(rest, 0, rest.length)) return true;
      try {
        parseLine(line.slice(at), this.#store, this.#reads);
        return true;
      } catch (error) {
        if (!(error instanceof DamagedLine)) throw error;
      }
    }
    return false;
  }

  #header(line: string): void {
    let header: unknown;
    try {
      header = JSON.parse(line);
    } catch {
      // Not JSON: the check below says what was expected.
    }
    const { format, version } = (typeof header === 'object' && header !== null ? header : {}) as Record<
      string,
      unknown
    >;
    if (format !== historyFormat)
      this.#fail(
        1,
        `expected {"format":"${historyFormat}",…}, got ${line === '' ? 'nothing' : shorten(line)}`,
      );
    if (version !== historyVersion)
      this.#fail(1, `expected version ${historyVersion} of the format, got ${JSON.stringify(version)}`);
  }

  #fail(line: number, why: string): never {
    throw new LabError(`${this.#path}, line ${line}: ${why}`, {
      details: ['The history is damaged or of another version of the lab.'],
    });
  }
}

function nextOpening(line: string, after: number): number {
  const next = line.slice(after + 1).search(/[[{]/);
  return next < 0 ? -1 : after + 1 + next;
}
