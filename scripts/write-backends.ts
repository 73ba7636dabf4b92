/**
 * `node scripts/write-backends.ts FOLDER…`: writes what runs of the catalogue showed in namespaces and in containers into
 * docs/backends.md.
 */
import { runsIn } from '../lab/cli/runs-in.ts';
import { backendsMarkdown } from './backends-markdown.ts';
import { writeBetweenMarks } from './between-marks.ts';

const documents = runsIn(process.argv.slice(2))
  .map(({ document }) => document)
  // Namespaces first.
  .sort((a, b) => b.backend.localeCompare(a.backend) || a.startedAt.localeCompare(b.startedAt));
writeBetweenMarks('docs/backends.md', 'backends', backendsMarkdown(documents));
