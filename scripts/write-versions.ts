/**
 * `node scripts/write-versions.ts FOLDER…`: writes the tables of what runs on several servers showed into docs/versions.md,
 * and those of some scenarios into README.md, each behind its mark.
 */
import { runsIn } from '../lab/cli/runs-in.ts';
import { matrixOf } from '../reports/matrix/matrix.ts';
import { matrixMarkdown, outcomesMarkdown } from '../reports/matrix/matrix-markdown.ts';
import { writeBetweenMarks } from './between-marks.ts';

/** What a reader of the README sees of it. */
const IN_README = [
  'crash-while-lagging',
  'split-brain',
  'frozen-primary',
  'empty-restart',
  'manual-failover',
  'planned-failover',
  'minority-writes',
  'interrupted-migration',
  'slow-script',
];

const documents = runsIn(process.argv.slice(2))
  .map(({ document }) => document)
  .sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
const matrix = matrixOf(documents);
const rows = IN_README.flatMap((name) => matrix.rows.filter(({ scenario }) => scenario === name));
writeBetweenMarks('docs/versions.md', 'lab matrix', matrixMarkdown(matrix));
writeBetweenMarks('README.md', 'lab matrix', outcomesMarkdown({ ...matrix, rows }));
