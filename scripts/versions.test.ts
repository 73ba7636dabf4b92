import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { matrixOf } from '../reports/matrix/matrix.ts';
import { matrixMarkdown, outcomesMarkdown } from '../reports/matrix/matrix-markdown.ts';
import { sampleMatrixRuns } from '../reports/matrix/sample-matrix.ts';

const sample = matrixOf(sampleMatrixRuns());
const root = path.dirname(import.meta.dirname);

/** What a document holds between its marks. */
function written(file: string): string {
  const text = readFileSync(path.join(root, file), 'utf8');
  return /<!-- lab matrix: begin -->([\s\S]*)<!-- lab matrix: end -->/.exec(text)?.[1] ?? '';
}

const headings = (text: string) => text.match(/^## .*$/gm) ?? [];
/** The heads of tables, without the servers' names. */
const heads = (text: string) =>
  [...text.matchAll(/^\| (.*) \|\n\| ---/gm)].map(([, cells = '']) =>
    cells.split(' | ').filter((cell) => !/^(Redis|Valkey) \d/.test(cell)),
  );

it('docs/versions.md has the form that lab matrix writes today, and at least four servers', () => {
  const text = written('docs/versions.md');
  expect(heads(text)).toEqual(heads(matrixMarkdown(sample)));
  expect(headings(matrixMarkdown(sample))).toEqual(expect.arrayContaining(headings(text)));
  expect(text).toMatch(
    /\| scenario \| settings \| Redis 7\.0\.\d+ \| Redis 8\.\S+ \| Valkey \S+ \| Valkey \S+ \|/,
  );
  expect(text).not.toMatch(/\| [✗!] /);
});

it('the README shows rows of it', () => {
  const rows = written('README.md').trim().split('\n');
  expect(heads(rows.join('\n'))).toEqual(heads(outcomesMarkdown(sample)));
  const all = written('docs/versions.md').split('\n');
  for (const row of rows) expect(all).toContain(row);
});
