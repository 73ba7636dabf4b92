import { LabError, messageOf } from '../common/errors.ts';
import { lastLines, runCommand } from './run-command.ts';

/**
 * Asks a binary for its version. `pattern`'s first group is the version.
 * Throws LabError (expected, got, where) when the binary does not run or prints something else.
 */
export async function printedVersion(
  path: string,
  args: readonly string[],
  pattern: RegExp,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  let printed: string;
  try {
    printed = await runCommand(path, args, { environment, timeoutMs: 10_000 });
  } catch (error) {
    throw new LabError(`expected a binary that runs, got at ${path}: ${messageOf(error)}`, {
      details: error instanceof LabError ? error.details : [],
      cause: error,
    });
  }
  const version = pattern.exec(printed)?.[1];
  if (version !== undefined) return version;
  const got = lastLines(printed, 1)[0] ?? 'nothing';
  throw new LabError(`expected a version (${pattern.source}), got "${got}" from ${path} ${args.join(' ')}`);
}
