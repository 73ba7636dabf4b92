import { Compile } from 'typebox/compile';
import { LabError, messageOf } from '../../lab/common/errors.ts';
import { type RunDocument, runFormat, runVersion } from './run-document.ts';
import { describeMismatch } from './schema/describe-mismatch.ts';
import { runDocumentSchema } from './schema/run-document-schema.ts';

const validator = Compile(runDocumentSchema);

/**
 * Reads the text of a run.json. `where` is what an error calls the file. Throws LabError that names what was
 * expected, what came and where, when the text is no JSON, not a run's document, of another version, or
 * malformed anywhere.
 */
export function parseRunDocument(text: string, where = 'run.json'): RunDocument {
  const value = parseJson(text, where);
  const head = (typeof value === 'object' && value !== null ? value : {}) as {
    format?: unknown;
    version?: unknown;
  };
  if (head.format !== runFormat) {
    throw new LabError(
      `${where}: this is not the document of a run: expected "format": "${runFormat}", got ${shown(head.format)}`,
    );
  }
  if (head.version !== runVersion) {
    throw new LabError(`${where}: version: expected ${runVersion}, got ${shown(head.version)}`, {
      details: ['It was written by another version of the lab: read it with that one, or run it again.'],
    });
  }
  if (!validator.Check(value)) {
    throw new LabError(`${where}: ${describeMismatch(runDocumentSchema, value, validator.Errors(value))}`);
  }
  return value;
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const got = text.trim() === '' ? 'an empty file' : `${text.length} characters that are not JSON`;
    throw new LabError(`${where}: expected JSON, got ${got} (${messageOf(error)})`, { cause: error });
  }
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
