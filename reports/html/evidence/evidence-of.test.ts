import { describe, expect, it } from 'vitest';
import type { RunDocument } from '../../data/run-document.ts';
import { emptySample, splitBrainSample } from '../../data/sample.ts';
import { sceneOf } from '../topology/scene-of.ts';
import { itemOf } from './evidence.ts';
import { evidenceGroups } from './evidence-groups.ts';
import { evidenceOf } from './evidence-of.ts';
import { evidenceSection } from './evidence-section.ts';

/** The sample whose set check holds its lost writes as rows: `times` of what they are. */
function withRows(times: number): RunDocument {
  const sample = splitBrainSample();
  const checks = sample.checks.map((check) => {
    if (check.spec.checker !== 'set') return check;
    const lost = check.findings.filter(({ kind }) => kind === 'lost');
    const causes = [...new Set(lost.map(({ cause }) => cause ?? ''))];
    const rows = lost.flatMap(({ at, cause, value }) =>
      Array.from({ length: times }, (_, i) => [
        at + i / 1000,
        0,
        0,
        0,
        causes.indexOf(cause ?? ''),
        (value ?? 0) * times + i,
      ]),
    );
    return {
      ...check,
      lost: { total: rows.length, clients: ['beside-1'], nodes: ['redis-1'], keys: ['ids'], causes, rows },
    };
  });
  return { ...sample, checks };
}

describe('evidenceOf', () => {
  it('has every lost write once, whether a check holds rows or findings', () => {
    for (const document of [splitBrainSample(), withRows(1)]) {
      const evidence = evidenceOf(document);
      expect(evidence?.total).toBe(400);
      expect(new Set(evidence?.rows.map((row) => row.at(-1))).size).toBe(400);
    }
  });

  it('gives rows their names back', () => {
    const evidence = evidenceOf(withRows(1));
    const item = evidence && itemOf(evidence, evidence.rows[0] ?? [0, 0, 0, 0, 0, 0, 0, 0, null]);
    expect(item).toMatchObject({
      kind: 'lost',
      cause: 'unreplicated',
      client: 'beside-1',
      node: 'redis-1',
      key: 'ids',
      id: 10_000,
    });
  });

  it('is a selection of many, and the page says so and stays small', () => {
    const document = withRows(100);
    const evidence = evidenceOf(document);
    expect(evidence?.total).toBe(40_000);
    expect(evidence?.rows.length).toBeLessThanOrEqual(6001);
    expect(evidence?.rows[0]?.[0]).toBe(withRows(100).checks[0]?.lost?.rows[0]?.[0]);
    const { markup } = evidenceSection(document, null);
    expect(markup.replaceAll('\u202f', ' ')).toContain('6 000 of 40 000 are listed');
    expect(markup.length).toBeLessThan(700_000);
  });

  it('is nothing where nothing was found', () => {
    expect(evidenceOf(emptySample())).toBeNull();
  });
});

describe('evidenceGroups', () => {
  it('gathers lost writes by cause and by who was primary then, with what was decided around them', () => {
    const document = withRows(1);
    const evidence = evidenceOf(document);
    const groups = evidence === null ? [] : evidenceGroups(evidence, sceneOf(document));
    expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(400);
    expect(groups[0]).toMatchObject({
      count: 8,
      primaries: 'redis-1 (3/3 Sentinels)',
      first: { cause: 'unreplicated' },
    });
    expect(groups[0]?.before?.[1]).toMatch(/^the fault begins: isolate/);
    expect(groups.map(({ primaries }) => primaries)).toContain(
      'redis-1 (2/3 Sentinels), redis-2 (1/3 Sentinels)',
    );
  });
});
