import { monotonicMs } from '../common/clock.ts';
import type { Outcome } from '../history/operation.ts';
import type { Planned } from './plan.ts';

/** Where operations go: lab/history's log, or nothing in a measurement. Times are milliseconds since the run's start. */
export interface OperationLog {
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
    redirects?: number,
    redirectedBy?: string | null,
  ): void;
}

/** An operation that has been issued and has no outcome yet. */
export interface OpenOperation<F extends string = Planned['f']> {
  f: F;
  key: string;
  /** As planned; later what was answered. */
  value: number | null;
  clientIndex: number;
  invoked: number;
  /** Its place among the open operations; -1 when it has its outcome. */
  place: number;
}

/** How many operations ended how, since the start. */
export interface Tally {
  ok: number;
  fail: number;
  info: number;
  /** Operations per error, among `fail` and `info`. */
  byError: Record<string, number>;
}

/** Different unclassified errors that are counted by their message; the rest share one line. */
const unclassifiedKinds = 50;

/** Every operation of a process from its issue to its one line in the log: none is lost, none is recorded twice. */
export class Operations {
  readonly tally: Tally = { ok: 0, fail: 0, info: 0, byError: {} };
  private readonly log: OperationLog;
  private readonly startOfRunMs: number;
  /** In no order: the last one takes the place of one that ends. Half the price of a Set at 50,000 a second. */
  private readonly open: OpenOperation<string>[] = [];
  private whenNoneIsOpen: (() => void) | undefined;
  private over = false;

  constructor(log: OperationLog, startOfRunMs: number) {
    this.log = log;
    this.startOfRunMs = startOfRunMs;
  }

  /** Milliseconds since the run's start. */
  now(): number {
    return monotonicMs() - this.startOfRunMs;
  }

  begin<F extends string>(
    clientIndex: number,
    { f, key, value }: { f: F; key: string; value: number | null },
    invoked: number,
  ): OpenOperation<F> {
    const place = this.over ? -1 : this.open.length;
    const operation: OpenOperation<F> = { f, key, value, clientIndex, invoked, place };
    if (!this.over) this.open.push(operation);
    return operation;
  }

  /** Records the outcome and gives the time of it; an outcome that comes after the operation was given up is ignored. */
  end(
    operation: OpenOperation<string>,
    outcome: Outcome,
    node: string | null,
    error: string | null,
    redirects = 0,
    redirectedBy: string | null = null,
  ): number {
    const completed = this.now();
    if (operation.place < 0) return completed;
    this.remove(operation);
    this.tally[outcome]++;
    if (error !== null) this.count(error);
    const { clientIndex, f, key, value, invoked } = operation;
    this.log.add(
      clientIndex,
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
    if (this.open.length === 0) this.whenNoneIsOpen?.();
    return completed;
  }

  /** Resolves when no operation is open, or after `graceMs`. */
  settle(graceMs: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.open.length === 0) return resolve();
      const timer = setTimeout(resolve, graceMs);
      this.whenNoneIsOpen = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Nobody will learn any more what became of these, nor of what is begun from now on: nothing more is recorded. */
  giveUp(): void {
    this.over = true;
    for (const operation of [...this.open]) this.end(operation, 'info', null, 'open-at-end');
  }

  private remove(operation: OpenOperation<string>): void {
    const last = this.open.pop();
    if (last !== undefined && last !== operation) {
      this.open[operation.place] = last;
      last.place = operation.place;
    }
    operation.place = -1;
  }

  private count(error: string): void {
    const { byError } = this.tally;
    const known = byError[error] !== undefined || !error.startsWith('unclassified:');
    const name =
      known || Object.keys(byError).length < unclassifiedKinds ? error : 'unclassified: (further messages)';
    byError[name] = (byError[name] ?? 0) + 1;
  }
}
