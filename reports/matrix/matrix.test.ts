import { describe, expect, it } from 'vitest';
import { matrixOf } from './matrix.ts';
import { matrixFigure } from './matrix-figure.ts';
import { matrixJson } from './matrix-json.ts';
import { matrixLines } from './matrix-lines.ts';
import { matrixMarkdown } from './matrix-markdown.ts';
import { matrixTables } from './matrix-tables.ts';
import { renderMatrix } from './render-matrix.ts';
import { sampleMatrixRuns } from './sample-matrix.ts';

const matrix = matrixOf(sampleMatrixRuns());

describe('the same scenarios on several servers', () => {
  it('stand beside each other, by what the servers say of themselves', () => {
    expect(matrix.servers).toEqual(['Redis 7.0.15', 'Redis 8.0.2', 'Valkey 8.1.1']);
    expect(matrix.rows.map(({ variant }) => variant)).toEqual(['vulnerable', 'hardened']);
    expect(matrix.rows[1]?.cells.map(({ runs }) => runs)).toEqual([1, 1, 0]);
  });

  it('say what differs as known, what was done without, and what is offered', () => {
    const { differences, fallbacks, features, inCommon, outcomes } = matrixTables(matrix);
    expect(differences).toEqual([
      'split-brain vulnerable: Valkey 8.1.1: otherwise, as is known of Valkey from 8.0 on: it loses nothing (a source)',
    ]);
    expect(fallbacks).toContain('Redis 8.0.2, split-brain vulnerable: no such word: another one');
    expect(features.rows).toEqual([['WAITAOF', '–', '–', 'yes']]);
    expect(inCommon).toEqual(['FAILOVER']);
    expect(outcomes.rows[0]?.[2]).toMatch(/^✓ lost /);
    expect(outcomes.rows[0]?.[4]).toMatch(/^≠ lost /);
    expect(outcomes.rows[1]?.[4]).toBe('not run');
  });

  it('tell of what nobody knew', () => {
    const runs = sampleMatrixRuns(2);
    const bad = runs.map((document, i) =>
      i === 0 ? { ...document, outcome: 'unexpected' as const, reason: 'set: lost 3' } : document,
    );
    const { differences, outcomes } = matrixTables(matrixOf(bad));
    expect(differences).toContain(
      'split-brain vulnerable: Redis 7.0.15: not as expected in 1 of 2 runs: set: lost 3',
    );
    expect(outcomes.rows[0]?.[2]).toMatch(/^✗ 1 of 2 /);
  });

  it('leave out runs that did not get to ask for the server', () => {
    const [first] = sampleMatrixRuns();
    if (first === undefined) throw new Error('there are runs');
    expect(matrixOf([{ ...first, versions: {} }])).toEqual({ servers: [], features: [], rows: [] });
  });
});

describe('a figure', () => {
  const what = { name: 'lost', label: 'lost', unit: '' };

  it('is told by its median and its spread, and differs only where so many runs can tell', () => {
    const low = [10, 11, 12, 13, 14];
    const high = [20, 21, 22, 23, 24];
    expect(matrixFigure(what, [low, high, low])).toMatchObject({
      spreads: [{ median: 12, least: 10, most: 14, runs: 5 }, { median: 22 }, { median: 12 }],
      differs: ['no', 'yes', 'no'],
    });
    expect(matrixFigure(what, [low.slice(0, 3), high.slice(0, 3)])?.differs).toEqual(['no', 'too-few']);
    expect(matrixFigure(what, [[0], [0]])?.differs).toEqual(['no', 'no']);
    expect(matrixFigure(what, [[], []])).toBeNull();
    expect(matrixFigure(what, [[], [1]])?.spreads).toEqual([null, { runs: 1, median: 1, least: 1, most: 1 }]);
  });
});

describe('its forms', () => {
  it('the terminal has all of it in columns', () => {
    const lines = matrixLines(matrix);
    expect(lines[0]).toMatch(/^scenario +settings +Redis 7\.0\.15 +Redis 8\.0\.2 +Valkey 8\.1\.1$/);
    expect(lines).toContain('where they differ:');
    expect(lines.join('\n')).toMatch(/all have: FAILOVER/);
  });

  it('Markdown has tables whose rows have as many cells as their heads, whatever texts hold', () => {
    const odd = sampleMatrixRuns().map((document) => ({ ...document, features: { 'a | b\nc': false } }));
    const text = matrixMarkdown(matrixOf(odd));
    expect(text).toContain('| a \\| b c | – | – | – |');
    for (const table of text.split('\n\n').filter((part) => part.startsWith('|'))) {
      const widths = table
        .trim()
        .split('\n')
        .map((line) => line.replaceAll('\\|', '').split('|').length);
      expect(new Set(widths).size).toBe(1);
    }
  });

  it('the page links every run, and shows texts as texts', () => {
    const runs = sampleMatrixRuns();
    const links = runs.map((document, i) => ({ document, href: `run-${i}/report.html` }));
    const evil = { ...matrix, servers: ['<script>alert(1)</script>', ...matrix.servers.slice(1)] };
    const page = renderMatrix(matrix, links);
    for (const { href } of links) expect(page).toContain(`href="${href}"`);
    expect(page).toContain('≠ Differs, as known');
    expect(renderMatrix(evil, [])).not.toContain('<script>alert(1)');
  });

  it('JSON has a format and a version', () => {
    expect(JSON.parse(matrixJson(matrix))).toMatchObject({
      format: 'failover-lab/matrix',
      version: 1,
      servers: matrix.servers,
    });
  });
});
