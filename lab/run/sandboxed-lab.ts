import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { LabError } from '../common/errors.ts';
import type { ProcessExit } from '../hosts/host.ts';
import { sandboxed } from '../hosts/sandbox.ts';
import { clockBytes, clockFromNow } from '../time/clock-file.ts';
import type { RunJob } from './job.ts';
import type { LabChild } from './lab-child.ts';
import { LAB_PROCESS, NODE_OPTIONS } from './lab-script.ts';
import type { Place } from './place.ts';

/** Where the process finds the lab's clock, after its stdio and its events. */
const CLOCK_FD = 4;

/** Starts the lab's process as the first of a sandbox. */
export function sandboxedLab(job: RunJob, place: Extract<Place, { backend: 'namespaces' }>): LabChild {
  const [program, args] = sandboxed(place.mode, place, [process.execPath, ...NODE_OPTIONS, LAB_PROCESS]);
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
  const { stdin, stdout, stderr, pid } = child;
  if (stdin === null || stdout === null || stderr === null)
    throw new RangeError('a process started with pipes has them');
  // A process that has gone cannot be told; its end is what tells us.
  stdin.on('error', () => {});
  stdin.write(`${JSON.stringify(job)}\n`);
  const ended = new Promise<ProcessExit>((resolve, reject) => {
    child.once('error', (error) => reject(new LabError(`cannot start ${program}: ${error.message}`)));
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  ended.catch(() => {});
  return {
    stdin,
    events: child.stdio[3] as Readable,
    output: [stdout, stderr],
    ended,
    pid,
    container: undefined,
    kill: () => killGroup(pid),
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
