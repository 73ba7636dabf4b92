import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { EXIT_WITHIN_MS } from '../common/before-exit.ts';
import { LabError } from '../common/errors.ts';
import { type SandboxTools, sandboxed } from '../hosts/sandbox.ts';
import { clockBytes, clockFromNow } from '../time/clock-file.ts';
import type { RunEvent } from './events.ts';
import type { RunJob, ToRun } from './job.ts';
import type { Answer, Order } from './order.ts';
import type { RunRecord } from './record.ts';

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
}

const SCRIPT = path.join(import.meta.dirname, `lab-process${path.extname(import.meta.filename)}`);
const LAST_WORDS = 30;
/** Where the process finds the lab's clock, after its stdio and its events. */
const CLOCK_FD = 4;

/** Starts a run. What its process prints otherwise, a scenario's own output included, goes to `logs/lab.log`. */
export function startRun(
  job: RunJob,
  sandbox: SandboxTools & { mode: 'root' | 'user' },
  onEvent: (event: RunEvent) => void,
): StartedRun {
  // The lab shares the machine with what it measures: V8 is to collect its garbage instead of growing.
  const command = [process.execPath, '--optimize-for-size', '--disable-warning=ExperimentalWarning', SCRIPT];
  const [program, args] = sandboxed(sandbox.mode, sandbox, command);
  const clock = job.clockLibrary === null ? null : openClock(job.speed);
  // In a process group of its own, so that a Ctrl-C reaches it through us, in order.
  const child = spawn(program, args, {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe', ...(clock === null ? [] : [clock])],
    // Everything of a run inherits this, so that somebody who looks through /proc sees what belongs to which.
    env: {
      ...process.env,
      FAILOVER_LAB_RUN: job.dir,
      ...(job.clockLibrary === null
        ? {}
        : {
            LD_PRELOAD: job.clockLibrary,
            LAB_CLOCK: `/proc/self/fd/${CLOCK_FD}`,
            LAB_SPEED: String(job.speed),
          }),
    },
  });
  if (clock !== null) closeSync(clock);
  const said: string[] = [];
  const log = path.join(job.dir, 'logs', 'lab.log');
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null)
    throw new RangeError('a process started with pipes has them');
  for (const stream of [stdout, stderr]) {
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
  const tell = (message: RunJob | ToRun) => stdin.write(`${JSON.stringify(message)}\n`);
  // A process that has gone cannot be told; its end is what tells us.
  stdin.on('error', () => {});
  tell(job);
  let orders = 0;
  const asked = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  const gone = () => new LabError('the lab ended before it answered');
  child.once('close', () => {
    for (const { reject } of asked.values()) reject(gone());
    asked.clear();
  });
  return {
    record: new Promise((resolve, reject) => {
      let record: RunRecord | null = null;
      const events = createInterface({ input: child.stdio[3] as Readable });
      events.on('line', (line) => {
        const event = JSON.parse(line) as RunEvent;
        if (event.type === 'answer') {
          asked.get(event.id)?.resolve(event.answer);
          return void asked.delete(event.id);
        }
        if (event.type !== 'run-ended') return onEvent(event);
        record = event.record;
        // Everything is undone and told; it only has to go.
        const timer = setTimeout(() => killGroup(child.pid), EXIT_WITHIN_MS);
        child.once('exit', () => clearTimeout(timer));
      });
      child.once('error', (error) => reject(new LabError(`cannot start ${program}: ${error.message}`)));
      child.once('close', (code, signal) => {
        if (record !== null) return resolve(record);
        // What unshare says when it cannot end by the SIGKILL that ended its child (util-linux, sys-utils/unshare.c).
        const isKilled = signal === 'SIGKILL' || said.some((text) => /sigprocmask unblock failed/.test(text));
        const how = isKilled
          ? 'SIGKILL, from somebody or from the kernel for want of memory,'
          : (signal ?? `exit code ${code}`);
        const details = said.filter((text) => !/sigprocmask unblock failed|^unshare:$/.test(text));
        reject(new LabError(`the run's process ended by ${how} without a record`, { details }));
      });
    }),
    stop: (reason) => void tell({ type: 'stop', reason }),
    release: () => void tell({ type: 'release' }),
    look: () => void tell({ type: 'look' }),
    order: (order) =>
      new Promise((resolve, reject) => {
        if (child.exitCode !== null || child.signalCode !== null) return reject(gone());
        const id = ++orders;
        asked.set(id, { resolve, reject });
        tell({ type: 'order', id, order });
      }),
    kill: () => killGroup(child.pid),
    pid: child.pid,
  };
}

/** A descriptor of a new clock that starts now; its file has no name any more, so nothing of it stays behind. */
function openClock(speed: number): number {
  const file = path.join(tmpdir(), `failover-lab-clock-${process.pid}-${randomUUID()}`);
  const fd = openSync(file, 'wx+', 0o444);
  rmSync(file);
  writeSync(fd, clockBytes(clockFromNow(speed)));
  return fd;
}

/** Its group is the sandbox's too; when the sandbox's first process ends, the kernel ends whatever else is in it. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
