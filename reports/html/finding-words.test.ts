import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { clusterStepNames } from '../../lab/checkers/cluster-steps.ts';
import { fault, handwritten, op, owner, slotViews } from '../../lab/checkers/handwritten.ts';
import { jobLossCauses } from '../../lab/checkers/jobs-attribution.ts';
import { overAdmissionCauses } from '../../lab/checkers/limit-causes.ts';
import { logoutCauses } from '../../lab/checkers/logout-attribution.ts';
import { clusterLossCauses } from '../../lab/checkers/loss-attribution.ts';
import { recovery } from '../../lab/checkers/recovery.ts';
import { redirects } from '../../lab/checkers/redirects.ts';
import { slotCoverage } from '../../lab/checkers/slot-coverage.ts';
import { figureTitle, figureWords, partTitle } from './figure-words.ts';
import { meaningOf } from './glossary-section.ts';
import { figureName } from './units.ts';
import { causeWords } from './words.ts';

const folder = new URL('../../lab/checkers/', import.meta.url).pathname;
const source = globSync('*.ts', { cwd: folder })
  .filter((file) => !/test|handwritten/.test(file))
  .map((file) => readFileSync(`${folder}${file}`, 'utf8'))
  .join('\n');

/** What stands in the checkers' source as the kind, or the cause, of a finding. */
function written(pattern: RegExp): string[] {
  return [...new Set([...source.matchAll(pattern)].flatMap(([, ...words]) => words.filter(Boolean)))].sort();
}

const kinds = written(/(?:\bkind: |\b(?:odd|tell|note|findingsOf)\([a-z, ]*)'([a-z-]+)'(?:, '([a-z-]+)')?/g);

describe('the glossary', () => {
  it('looks at the checkers’ source', () => {
    expect(kinds).toEqual(
      expect.arrayContaining(['outage', 'uncovered', 'two-owners', 'resurrected', 'stale']),
    );
    expect(kinds.length).toBeGreaterThan(25);
  });

  // A ternary's branches stand behind `kind =`.
  it.each([...kinds, ...written(/\bkind = [^;]*? \? '([a-z-]+)' : '([a-z-]+)'/g)])('explains %s', (kind) => {
    expect(meaningOf(kind)).toMatch(/\w+ .*\.$/);
  });

  it.each([
    ...new Set([...clusterLossCauses, ...jobLossCauses, ...logoutCauses, ...overAdmissionCauses]),
    ...['counted-twice', 'blocked', 'open', 'local', 'closed', 'lost', 'repeated'],
  ])('explains the cause %s, and has few words for it', (cause) => {
    expect(meaningOf(cause)).toMatch(/\w+ .*\.$/);
    expect(causeWords(cause)).not.toBe('');
  });

  it('knows nothing of what is none', () => {
    expect([meaningOf('constructor'), meaningOf('redis-1'), causeWords('constructor')]).toEqual([
      undefined,
      undefined,
      '',
    ]);
  });
});

describe('figures of a cluster have a name and a unit', () => {
  const slots = slotViews([10, 'p', [owner('p', '0-16383', 1)]], [400, 'p', [owner('p', '0-99', 1)]]);
  const input = handwritten({
    operations: [op('add', 1, 50), op('add', 2, 60, { redirects: 2 })],
    seen: { slots, faults: [fault(['p'], 100)] },
  });
  const figures = [slotCoverage(), redirects(), recovery()].flatMap((checker) =>
    Object.entries(checker.check(input).figures),
  );

  it('of all their checks', () => {
    expect(figures.map(([name]) => name)).toEqual(
      expect.arrayContaining(['coveredShare', 'okByShard', 'operationsByRedirects', 'coverageMs']),
    );
  });

  it.each(figures)('%s', (name, value) => {
    const isBreakdown = typeof value === 'object' && value !== null;
    const title = isBreakdown ? partTitle(name, 'part') : figureTitle(name);
    expect(title).not.toBe(isBreakdown ? `${figureName(name.replace(/By.*/, ''))}: part` : 'x');
    if (!isBreakdown && name !== 'clients') expect(title).not.toBe(figureName(name));
    expect(figureWords(name, 3)).not.toContain('×');
  });

  it('and so have the steps of its recovery', () => {
    for (const step of Object.keys(clusterStepNames)) expect(figureTitle(`${step}Ms`)).toMatch(/^until /);
  });
});
