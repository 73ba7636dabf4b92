import { LabError, messageOf } from '../common/errors.ts';
import { lastLines, runCommand } from './run-command.ts';

/**
 * Asks a binary for its version. The pattern's first group is the version; the example is for people.
 * Throws LabError (expected, got, where) when the binary does not run or prints something else.
 */
export async function printedVersion(
  path: string,
  args: readonly string[],
  printed: { pattern: RegExp; example: string },
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  let output: string;
  try {
    output = await runCommand(path, args, { environment, timeoutMs: 10_000 });
  } catch (error) {
    throw new LabError(`expected a binary that runs, got at ${path}: ${messageOf(error)}`, {
      details: error instanceof LabError ? error.details : [],
      cause: error,
    });
  }
  const version = printed.pattern.exec(output)?.[1];
  if (version !== undefined) return version;
  const got = lastLines(output, 1)[0] ?? 'nothing';
  throw new LabError(
    `expected something like "${printed.example}", got "${got}" from ${path} ${args.join(' ')}`,
  );
}
