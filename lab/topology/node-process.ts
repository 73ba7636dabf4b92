import { monotonicMs } from '../common/clock.ts';
import { LabError } from '../common/errors.ts';
import type { RunningProcess } from '../hosts/host.ts';
import { tailOf } from '../hosts/log-tail.ts';
import type { NodeChange } from './topology.ts';

/** A node's process, which may come and go, and whoever listens to that. */
export class NodeProcess {
  readonly #node: string;
  readonly #listeners: ((change: NodeChange) => void)[] = [];
  #current: RunningProcess | null = null;
  #isFirst = true;
  #begunMs = 0;

  constructor(node: string) {
    this.#node = node;
  }

  /** The last one that was started, also when it has ended; null before. */
  get current(): RunningProcess | null {
    return this.#current;
  }

  get isRunning(): boolean {
    return this.#current !== null && this.#current.exit === null;
  }

  onChange(listener: (change: NodeChange) => void): void {
    this.#listeners.push(listener);
  }

  /** A start begins; tells whether it is the first. */
  begin(): boolean {
    this.#begunMs = monotonicMs();
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    return isFirst;
  }

  /** Takes a new process, and tells everybody of its start, and of its end when that comes. */
  started(process: RunningProcess, data: 'kept' | 'lost', first: boolean): void {
    this.#current = process;
    this.#tell({ change: 'started', data, first, begunMs: this.#begunMs });
    void process.exited.then((exit) => this.#tell({ change: 'ended', exit }));
  }

  /** LabError with the end of its log unless it runs; `before` completes "ended with exit code 1 before it …". */
  mustRun(before: string, process: RunningProcess | null = this.#current): void {
    if (process !== null && process.exit === null) return;
    const exit = process?.exit;
    const how = exit ? `with ${exit.signal ?? `exit code ${exit.code}`}` : 'before it started';
    throw new LabError(`${this.#node} ended ${how} before it ${before}`, {
      details: process ? tailOf(process.log) : [],
    });
  }

  #tell(change: NodeChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
