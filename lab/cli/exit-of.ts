import { LabError, UsageError } from '../common/errors.ts';

/**
 * Tells of an error that ends a command, and returns its exit code: 2 for bad usage, 3 for a lab that failed.
 * Anything else is a defect of the lab's own and is thrown on, so that its stack is seen.
 */
export function exitOf(error: unknown, stderr: { write(text: string): unknown }): 2 | 3 {
  if (error instanceof UsageError) {
    stderr.write(`error: ${error.message}\n`);
    return 2;
  }
  if (!(error instanceof LabError)) throw error;
  stderr.write([`error: ${error.message}`, ...error.details.map((line) => `  ${line}`), ''].join('\n'));
  return 3;
}
