/**
 * The three ends that are not a verdict. "Redis failed" and "the claim failed" are results, never errors.
 */

/** Somebody asked for something that does not exist or makes no sense. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The lab itself could not do its work (a missing binary, a full disk, a process that refused its configuration). Exit code 3. */
export class LabError extends Error {
  override readonly name = 'LabError';
  /** Further lines that help: a process's own log, what to install. */
  readonly details: readonly string[];

  constructor(message: string, options: { details?: readonly string[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.details = options.details ?? [];
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
