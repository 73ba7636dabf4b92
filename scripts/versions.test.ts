import { expect, it } from 'vitest';
import { matrixOf } from '../reports/matrix/matrix.ts';
import { matrixMarkdown, outcomesMarkdown } from '../reports/matrix/matrix-markdown.ts';
import { sampleMatrixRuns } from '../reports/matrix/sample-matrix.ts';
import { betweenMarks } from './between-marks.ts';

const sample = matrixOf(sampleMatrixRuns());
const headings = (text: string) => text.match(/^## .*$/gm) ?? [];
/** The heads of tables, without the servers' names. */
const heads = (text: string) =>
  [...text.matchAll(/^\| (.*) \|\n\| ---/gm)].map(([, cells = '']) =>
    cells.split(' | ').filter((cell) => !/^(Redis|Valkey) \d/.test(cell)),
  );

it('docs/versions.md has the form that lab matrix writes today, and at least four servers', () => {
  const text = betweenMarks('docs/versions.md', 'lab matrix');
  expect(heads(text)).toEqual(heads(matrixMarkdown(sample)));
  expect(headings(matrixMarkdown(sample))).toEqual(expect.arrayContaining(headings(text)));
  expect(text).toMatch(
    /\| scenario \| settings \| Redis 7\.0\.\d+ \| Redis 8\.\S+ \| Valkey \S+ \| Valkey \S+ \|/,
  );
  expect(text).not.toMatch(/\| [✗!] /);
});

it('the README shows rows of it', () => {
  const rows = betweenMarks('README.md', 'lab matrix').trim().split('\n');
  expect(heads(rows.join('\n'))).toEqual(heads(outcomesMarkdown(sample)));
  const all = betweenMarks('docs/versions.md', 'lab matrix').split('\n');
  for (const row of rows) expect(all).toContain(row);
});
