import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { EXIT_WITHIN_MS } from '../common/before-exit.ts';
import { LabError } from '../common/errors.ts';
import { containedLab } from './contained-lab.ts';
import type { RunEvent } from './events.ts';
import type { RunJob, ToRun } from './job.ts';
import type { Answer, Order } from './order.ts';
import type { Place } from './place.ts';
import type { RunRecord } from './record.ts';
import { sandboxedLab } from './sandboxed-lab.ts';

/** A run that goes on in a process and a sandbox of its own. */
export interface StartedRun {
  /** The run's record. Rejects with LabError when its process died without one. */
  record: Promise<RunRecord>;
  /** Asks it to undo everything and end; its record then says `lab-failed` with this reason. */
  stop(reason: string): void;
  /** Ends a run that was kept standing, or a standing lab. */
  release(): void;
  /** Asks for a `snapshot`, which comes as an event; a run that has not begun or has ended does not answer. */
  look(): void;
  /** Has a standing lab do something. Rejects with LabError when its process ends before it has answered. */
  order(order: Order): Promise<Answer>;
  /** Ends everything of it at once, by SIGKILL. */
  kill(): void;
  /** The process, seen from outside, whose only child is the sandbox's first process; undefined when it could not be started. */
  pid: number | undefined;
  /** Name of the container in which the lab itself runs; undefined where it runs in none, or not yet. */
  readonly container: string | undefined;
}

const LAST_WORDS = 30;

/** Starts a run. What its process prints otherwise, a scenario's own output included, goes to `logs/lab.log`. */
export function startRun(job: RunJob, place: Place, onEvent: (event: RunEvent) => void): StartedRun {
  const child = place.backend === 'namespaces' ? sandboxedLab(job, place) : containedLab(job, place);
  const said: string[] = [];
  const log = path.join(job.dir, 'logs', 'lab.log');
  for (const stream of child.output) {
    stream.on('data', (chunk: Buffer) => {
      said.push(...chunk.toString().trimEnd().split('\n'));
      said.splice(0, said.length - LAST_WORDS);
      try {
        appendFileSync(log, chunk);
      } catch {
        // The disk is full, say: the run finds that out where it matters, and the last words are kept here.
      }
    });
  }
  const tell = (message: ToRun) => child.stdin.write(`${JSON.stringify(message)}\n`);
  let orders = 0;
  const asked = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  const gone = () => new LabError('the lab ended before it answered');
  let hasEnded = false;
  const end = () => {
    hasEnded = true;
    for (const { reject } of asked.values()) reject(gone());
    asked.clear();
  };
  child.ended.then(end, end);
  return {
    record: new Promise((resolve, reject) => {
      let record: RunRecord | null = null;
      const events = createInterface({ input: child.events });
      events.on('line', (line) => {
        const event = JSON.parse(line) as RunEvent;
        if (event.type === 'answer') {
          asked.get(event.id)?.resolve(event.answer);
          return void asked.delete(event.id);
        }
        if (event.type !== 'run-ended') return onEvent(event);
        record = event.record;
        // Everything is undone and told; it only has to go.
        const timer = setTimeout(() => child.kill(), EXIT_WITHIN_MS);
        void child.ended.finally(() => clearTimeout(timer));
      });
      child.ended.then(({ code, signal }) => {
        if (record !== null) return resolve(record);
        // What unshare says when it cannot end by the SIGKILL that ended its child (util-linux, sys-utils/unshare.c).
        const isKilled = signal === 'SIGKILL' || said.some((text) => /sigprocmask unblock failed/.test(text));
        const how = isKilled
          ? 'SIGKILL, from somebody or from the kernel for want of memory,'
          : (signal ?? `exit code ${code}`);
        const details = said.filter((text) => !/sigprocmask unblock failed|^unshare:$/.test(text));
        const what =
          child.container === undefined ? "the run's process" : `the run's container ${child.container}`;
        reject(new LabError(`${what} ended by ${how} without a record`, { details }));
      }, reject);
    }),
    stop: (reason) => void tell({ type: 'stop', reason }),
    release: () => void tell({ type: 'release' }),
    look: () => void tell({ type: 'look' }),
    order: (order) =>
      new Promise((resolve, reject) => {
        if (hasEnded) return reject(gone());
        const id = ++orders;
        asked.set(id, { resolve, reject });
        tell({ type: 'order', id, order });
      }),
    kill: () => child.kill(),
    pid: child.pid,
    get container() {
      return child.container;
    },
  };
}
