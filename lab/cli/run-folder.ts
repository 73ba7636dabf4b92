import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseRunDocument } from '../../reports/data/parse-run-document.ts';
import type { RunDocument } from '../../reports/data/run-document.ts';
import { LabError, messageOf, UsageError } from '../common/errors.ts';

/** What a finished run left behind. */
export interface RunFolder {
  /** Absolute path. */
  dir: string;
  /** Absolute path of run.json. */
  file: string;
  document: RunDocument;
}

/**
 * Reads a run folder, given itself or by its run.json. UsageError says what was expected, what came and where
 * when it is missing, damaged or of another version.
 */
export function readRunFolder(given: string): RunFolder {
  const absolute = path.resolve(given);
  if (!existsSync(absolute))
    throw new UsageError(`expected a run folder or its run.json, got nothing at ${absolute}`);
  const dir = statSync(absolute).isDirectory() ? absolute : path.dirname(absolute);
  const file = dir === absolute ? path.join(dir, 'run.json') : absolute;
  if (!existsSync(file)) throw new UsageError(`expected a run folder, got a folder without run.json: ${dir}`);
  const document = damageIsUsage(() => parseRunDocument(readFileSync(file, 'utf8'), file));
  return { dir, file, document };
}

/** What a damaged run folder throws is a matter of what the user gave, not of the lab. */
export function damageIsUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw damage(error);
  }
}

/** The same error, as one about what the user gave. */
export function damage(error: unknown): UsageError {
  const details = error instanceof LabError ? error.details : [];
  return new UsageError([messageOf(error), ...details].join('\n  '), { cause: error });
}
