import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { monotonicMs, sleep } from '../lab/common/clock.ts';
import { LabError } from '../lab/common/errors.ts';
import { namespacesSupport } from '../lab/hosts/namespaces-support.ts';
import { caseClock, caseCommand, caseTools, temporaryPlace } from '../lab/hosts/test-cases.ts';

const MARK = 'LAB_BENCH_MARK';

/** What became of a case that ran in a sandbox. Times in ms since its process was started. */
export interface SandboxRun {
  /** What it printed, line by line, and when. */
  lines: { text: string; at: number }[];
  /** When the line that was waited for had come and it was told to end. */
  toldToEndAt: number;
  /** When nothing of it was left: no process and no mount. */
  goneAt: number;
}

/**
 * Runs a case of a module in a sandbox until it has printed `last`, tells it to end and waits until it has gone. With
 * `speed` it is on a lab clock; the times that are told of it are real all the same.
 */
export async function inSandbox(
  module: URL,
  name: string,
  last: string,
  speed?: number,
): Promise<SandboxRun> {
  const { tools, sandbox } = await caseTools();
  const { mode, why } = await namespacesSupport({ unshare: sandbox.unshare });
  if (mode === 'none') throw new LabError(`hosts cannot be made on this machine: ${why}`);
  using place = temporaryPlace(null);
  const job = { module: module.href, name, scratch: place.scratch, logs: place.logs, tools };
  const [program = '', ...args] = caseCommand(job, mode, sandbox);
  const mark = randomUUID();
  const startedAt = monotonicMs();
  const now = () => monotonicMs() - startedAt;
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, [MARK]: mark, ...(speed === undefined ? {} : await caseClock(speed, place.logs)) },
  });
  const run: SandboxRun = { lines: [], toldToEndAt: 0, goneAt: 0 };
  for await (const text of createInterface({ input: child.stdout })) {
    run.lines.push({ text, at: now() });
    if (text === last) {
      run.toldToEndAt = now();
      child.stdin.write('end\n');
    }
  }
  if (run.toldToEndAt === 0) throw new LabError(`${name} ended before it said ${JSON.stringify(last)}`);
  while (isLeft(mark)) await sleep(1);
  run.goneAt = now();
  return run;
}

/** Whether a process lives that inherited the mark. */
function isLeft(mark: string): boolean {
  return readdirSync('/proc').some((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`${MARK}=${mark}`);
    } catch {
      return false;
    }
  });
}
