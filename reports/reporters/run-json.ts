import { join } from 'node:path';
import { documentOf, textOf } from '../data/run-document.ts';
import type { Reporter } from './reporter.ts';
import { writeWholeFile } from './write-file.ts';

/** Writes run.json into every run's folder. */
export function runJsonReporter(): Reporter {
  return {
    name: 'run.json',
    onRunEnded(_, { dir, record }) {
      writeWholeFile(join(dir, 'run.json'), textOf(documentOf(record)));
    },
  };
}
