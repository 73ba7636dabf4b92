/**
 * The first process of a sandbox, or of a container, in which one test case runs (test-sandbox.ts and
 * containers.test.ts start it). Its one argument is a CaseJob. It exits with 0 when the case passes, and otherwise prints the error and exits with 1.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { LabError } from '../common/errors.ts';
import type { ContainersJob } from '../docker/lab-job.ts';
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
  /** In a container: what is inside. */
  containers?: ContainersJob;
}

// The end of stdin is the end of the test that waits for us.
process.stdin.once('end', () => process.exit(3)).resume();

const job = JSON.parse(process.argv[2] ?? '') as CaseJob;
try {
  const inside = job.containers;
  const { containers } = await import('./containers.ts');
  if (inside === undefined) execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', job.scratch]);
  const { cases } = (await import(job.module)) as CaseModule;
  const labs = { count: 0 };
  const { LAB_CLOCK } = process.env;
  const clock = LAB_CLOCK === undefined ? {} : { clock: readClock(LAB_CLOCK) };
  const context: CaseContext = {
    logs: job.logs,
    tools: job.tools,
    scratch: job.scratch,
    backend() {
      const { logs, tools } = job;
      const scratch = path.join(job.scratch, `lab-${++labs.count}`);
      return inside === undefined
        ? namespaces({ scratch, logs, ip: tools.ip, ...clock })
        : containers({ scratch, logs, job: inside, ...clock });
    },
  };
  await cases[job.name]?.(context);
  process.exit(cases[job.name] === undefined ? 2 : 0);
} catch (error) {
  const details = error instanceof LabError ? error.details : [];
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n${details.join('\n')}\n`);
  process.exit(1);
}
