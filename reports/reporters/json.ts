import { type SuiteRun, suiteRun } from '../data/suite-json.ts';
import type { Reporter } from './reporter.ts';
import { writeWholeFile } from './write-file.ts';

/**
 * Writes the file of `--json FILE`: anew after each run, so that an invocation that is interrupted leaves what
 * it had measured, and once at the end, so that it exists even without any run.
 */
export function jsonReporter(file: string): Reporter {
  const runs: SuiteRun[] = [];
  const write = () => writeWholeFile(file, `${JSON.stringify({ runs }, null, 2)}\n`);
  return {
    name: `--json ${file}`,
    onRunEnded(_, { dir, record }) {
      runs.push(suiteRun({ dir, record }));
      write();
    },
    onEnd: write,
  };
}
