import { monotonicMs } from '../../common/clock.ts';
import type { LoadSummary } from '../../history/observations.ts';
import type { Outcome } from '../../history/operation.ts';
import type { OperationLog, Tally } from '../operations.ts';
import { wallAheadMs } from './wall-clock.ts';

export interface UserLinesOptions {
  log: OperationLog;
  /** Indexes in the run's table of clients, for virtual users in the order in which they appear. */
  indexes: readonly number[];
  /** `monotonicMs()` at the run's start. */
  startOfRunMs: number;
  /** The same on the wall clock; undefined: what the two clocks say when this is made. */
  startOfRunUnixMs: number | undefined;
}

const outcomes: readonly string[] = ['ok', 'fail', 'info'] satisfies Outcome[];
/** The script tells the time so often; the last one is taken, which is not the first of a process that is just starting. */
const timesTold = 5;

/** What the script says on k6's standard output (see k6/recorder.ts), turned into operations of the run's history. */
export class UserLines {
  readonly tally: Tally = { ok: 0, fail: 0, info: 0, byError: {} };
  summary: Omit<LoadSummary, 'load'> | undefined;
  readonly #options: UserLinesOptions;
  /** Index in the table by k6's number. */
  readonly #indexes = new Map<number, number>();
  /** Who is in the middle of something, or holds rows back. */
  readonly #inside = new Set<number>();
  /** Rows that came before k6's clock was known. */
  #waiting: { index: number; row: string }[] = [];
  #told = 0;
  /** ms since the run's start = k6's ms + this. */
  #offsetMs = 0;
  readonly #startUnixMs: number;
  /** Whose rows the lines that begin with a tab are. */
  #index = -1;

  constructor(options: UserLinesOptions) {
    this.#options = options;
    this.#startUnixMs = options.startOfRunUnixMs ?? wallAheadMs() + options.startOfRunMs;
  }

  /** How many virtual users have something left to say. */
  get inside(): number {
    return this.#inside.size;
  }

  /** Takes a line; false when it is not the script's but k6's own. */
  take(line: string): boolean {
    if (line.startsWith('\t')) {
      if (this.#told < timesTold) this.#waiting.push({ index: this.#index, row: line });
      else this.#add(this.#index, line);
      return true;
    }
    if (!line.startsWith('~')) return line === '';
    const mark = line.charAt(1);
    if (mark === 'T') this.#time(line);
    else if (mark === 'S') this.summary = JSON.parse(line.slice(2));
    else this.#user(line);
    return true;
  }

  #user(line: string): void {
    const user = Number(line.slice(1, -1));
    const mark = line.at(-1);
    let index = this.#indexes.get(user);
    if (index === undefined) {
      index = this.#options.indexes[this.#indexes.size];
      if (index === undefined) throw new RangeError(`more virtual users than ${this.#indexes.size}`);
      this.#indexes.set(user, index);
    }
    this.#index = index;
    if (mark === '+') this.#inside.add(user);
    if (mark === '-') this.#inside.delete(user);
  }

  /** `~T<time of day in ms> <k6's clock in µs>` */
  #time(line: string): void {
    const [wallMs, k6Us] = line.slice(2).split(' ').map(Number);
    if (wallMs === undefined || k6Us === undefined) return;
    this.#offsetMs = wallMs - wallAheadMs() - this.#options.startOfRunMs - k6Us / 1000;
    if (++this.#told < timesTold) return;
    for (const { index, row } of this.#waiting) this.#add(index, row);
    this.#waiting = [];
  }

  #add(index: number, row: string): void {
    const [, f = '', key = '', text = '', invoked, completed, outcome = '', node, error = null] =
      row.split('\t');
    if (!isOutcome(outcome)) throw new RangeError(`expected a row of the script, got ${JSON.stringify(row)}`);
    const value = text === '' ? null : Number(text);
    this.tally[outcome]++;
    if (error !== null && outcome !== 'ok') this.tally.byError[error] = (this.tally.byError[error] ?? 0) + 1;
    this.#options.log.add(
      index,
      f,
      key,
      f === 'admit' && value !== null ? this.#sinceStartUs(value) : value,
      Number(invoked) / 1000 + this.#offsetMs,
      Number(completed) / 1000 + this.#offsetMs,
      outcome,
      node || null,
      error,
    );
  }

  /**
   * A time of day, as Redis told it, in µs since the run's start. By the wall clock alone, whatever it did meanwhile:
   * added to the run's start, it has to lie in the same window of Unix time as it did for Redis.
   */
  #sinceStartUs(unixMs: number): number {
    return Math.round((unixMs - this.#startUnixMs) * 1000);
  }

  /** Milliseconds since the run's start. */
  now(): number {
    return monotonicMs() - this.#options.startOfRunMs;
  }
}

function isOutcome(text: string): text is Outcome {
  return outcomes.includes(text);
}
