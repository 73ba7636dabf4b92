import { expect, it } from 'vitest';
import type { VariantName } from '../../lab/run/record.ts';
import { painter } from '../reporters/paint.ts';
import { comparisonLines } from '../reporters/suite-table.ts';
import { comparisonOf } from './comparison.ts';
import { parseRunDocument } from './parse-run-document.ts';
import { textOf } from './run-document.ts';
import { splitBrainSample } from './sample.ts';

const compare = [
  { check: 'cache', figure: 'stampedeFactor', label: 'stampede factor', unit: '' },
  { check: 'cache', figure: 'queries.hot', label: 'queries', unit: 'per key' },
];
const run = (variant: VariantName, figures: Record<string, number | null | Record<string, number>>) => ({
  scenario: { name: 'stampede', compare },
  variant,
  outcome: 'as-expected' as const,
  checks: [{ name: 'cache', figures }],
});
const RUNS = [
  run('vulnerable', { stampedeFactor: 41.256, queries: { hot: 300 } }),
  run('vulnerable', { stampedeFactor: 38, queries: { hot: 280 } }),
  run('only-lease', { stampedeFactor: 1, queries: {} }),
  run('hardened', { stampedeFactor: null }),
];

it('has a row for each variant: one number, or from the least to the most of several runs', () => {
  expect(comparisonOf(RUNS)).toEqual({
    head: ['stampede factor', 'queries (per key)'],
    rows: [
      { variant: 'vulnerable', cells: ['38 to 41.3', '280 to 300'] },
      { variant: 'only-lease', cells: ['1', '0'] },
      { variant: 'hardened', cells: ['not measured', 'not measured'] },
    ],
  });
});

it('is not there without figures to compare, or with one variant', () => {
  expect(comparisonOf(RUNS.map((each) => ({ ...each, scenario: {} })))).toBeNull();
  expect(comparisonOf(RUNS.slice(0, 2))).toBeNull();
  expect(comparisonOf([])).toBeNull();
});

it('is a table in the terminal', () => {
  expect(comparisonLines(RUNS, painter(false))).toEqual([
    '',
    'stampede    stampede factor  queries (per key)',
    'vulnerable       38 to 41.3         280 to 300',
    'only-lease                1                  0',
    'hardened       not measured       not measured',
  ]);
});

it('is in documents, whose variant may be a mitigation and nothing else', () => {
  const sample = splitBrainSample();
  const scenario = { ...sample.scenario, compare };
  const document = { ...sample, variant: 'only-lease' as const, scenario };
  expect(parseRunDocument(textOf(document), 'run.json')).toMatchObject({
    variant: 'only-lease',
    scenario: { compare },
  });
  const wrong = textOf(document).replace('"only-lease"', '"half-hardened"');
  expect(() => parseRunDocument(wrong, 'run.json')).toThrow(/variant/);
});
