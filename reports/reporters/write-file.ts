import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LabError, messageOf } from '../../lab/common/errors.ts';

/**
 * Writes a whole file or none: whoever reads it, also after a kill in the middle, finds the old or the new
 * text. Makes the folder where it is missing. Throws LabError that names the file.
 */
export function writeWholeFile(file: string, text: string): void {
  const draft = `${file}.${process.pid}.draft`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(draft, text);
    renameSync(draft, file);
  } catch (error) {
    throw new LabError(`cannot write ${file}: ${messageOf(error)}`, { cause: error });
  }
}
