/**
 * The first process of a sandbox in which one test case runs (test-sandbox.ts starts it). Its one argument is a
 * CaseJob. It exits with 0 when the case passes, and otherwise prints the error and exits with 1.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { LabError } from '../common/errors.ts';
import { readClock } from '../time/clock-file.ts';
import { namespaces } from './namespaces.ts';
import type { CaseContext, CaseModule, CaseTools } from './test-cases.ts';

export interface CaseJob {
  /** Address of the module whose `cases` has the case. */
  module: string;
  name: string;
  /** An empty directory over which the private tmpfs is mounted. */
  scratch: string;
  logs: string;
  tools: CaseTools;
}

// The end of stdin is the end of the test that waits for us.
process.stdin.once('end', () => process.exit(3)).resume();

const job = JSON.parse(process.argv[2] ?? '') as CaseJob;
try {
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', job.scratch]);
  const { cases } = (await import(job.module)) as CaseModule;
  const labs = { count: 0 };
  const { LAB_CLOCK } = process.env;
  const clock = LAB_CLOCK === undefined ? {} : { clock: readClock(LAB_CLOCK) };
  const context: CaseContext = {
    logs: job.logs,
    tools: job.tools,
    scratch: job.scratch,
    backend: () =>
      namespaces({
        scratch: path.join(job.scratch, `lab-${++labs.count}`),
        logs: job.logs,
        ip: job.tools.ip,
        ...clock,
      }),
  };
  await cases[job.name]?.(context);
  process.exit(cases[job.name] === undefined ? 2 : 0);
} catch (error) {
  const details = error instanceof LabError ? error.details : [];
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n${details.join('\n')}\n`);
  process.exit(1);
}
