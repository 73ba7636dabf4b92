/**
 * `node scripts/write-versions.ts FOLDER…`: writes the tables of what runs on several servers showed into docs/versions.md,
 * and those of some scenarios into README.md, each behind its mark.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runsIn } from '../lab/cli/runs-in.ts';
import { matrixOf } from '../reports/matrix/matrix.ts';
import { matrixMarkdown, outcomesMarkdown } from '../reports/matrix/matrix-markdown.ts';

const root = path.dirname(import.meta.dirname);
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
write('docs/versions.md', 'lab matrix', matrixMarkdown(matrix));
write('README.md', 'lab matrix', outcomesMarkdown({ ...matrix, rows }));

/** Replaces what stands between a document's two marks. */
function write(file: string, mark: string, text: string): void {
  const name = path.join(root, file);
  const [begin, end] = [`<!-- ${mark}: begin -->`, `<!-- ${mark}: end -->`];
  const whole = readFileSync(name, 'utf8');
  const [before, after] = [whole.indexOf(begin), whole.indexOf(end)];
  if (before < 0 || after < before)
    throw new Error(`${file}: expected ${begin} and ${end}, got no such marks`);
  writeFileSync(name, `${whole.slice(0, before + begin.length)}\n\n${text}\n${whole.slice(after)}`);
}
