import { describe, expect, test } from 'vitest';
import type { RunDocument } from '../../data/run-document.ts';
import { hardenedSample, labFailedSample, splitBrainSample } from '../../data/sample.ts';
import { comparedFigures } from './compared-figures.ts';
import { conditionDifferences } from './condition-differences.ts';
import { renderComparison } from './render-comparison.ts';

const [vulnerable, hardened] = [splitBrainSample(), hardenedSample()];

/** The same run with everything after the provisioning so much later. */
function later(run: RunDocument, ms: number): RunDocument {
  const { seen } = run;
  const faults = seen.faults.map((fault) => ({ ...fault, injectedAt: fault.injectedAt + ms }));
  return { ...run, seen: { ...seen, durationMs: seen.durationMs + ms, faults } };
}

describe('the conditions of two runs', () => {
  test('differ by variant, seed and versions', () => {
    const other = {
      ...hardened,
      seed: vulnerable.seed + 1,
      versions: { ...hardened.versions, node: '26.0.0' },
    };
    const differences = conditionDifferences(vulnerable, other);
    expect(differences).toContainEqual({ what: 'variant', values: ['vulnerable', 'hardened'] });
    expect(differences).toContainEqual({ what: 'version of node', values: ['24.21.0', '26.0.0'] });
    expect(differences.some(({ what }) => what === 'seed')).toBe(true);
  });

  test('differ by directives of servers and by values of clients, not by what each run has of its own', () => {
    const withProcess = (configuration: string, clients: unknown): RunDocument => ({
      ...vulnerable,
      processes: [
        { name: 'redis-1', kind: 'redis', host: 'a', address: 'x', log: '', configuration },
        {
          name: 'orders',
          kind: 'clients',
          host: 'a',
          address: '',
          log: '',
          configuration: JSON.stringify(clients),
        },
      ],
    });
    const one = withProcess('# redis\nport 1\nsave 1 2\nsave 3 4\ndir /a\n', {
      wait: null,
      redis: { role: 'master' },
    });
    const other = withProcess('port 1\nsave 3 4\ndir /b\nappendonly yes\n', {
      wait: { replicas: 1 },
      redis: { role: 'master' },
    });
    expect(conditionDifferences(one, other)).toEqual([
      { what: 'redis-1: save', values: ['1 2; 3 4', '3 4'] },
      { what: 'orders: wait', values: ['null', '–'] },
      { what: 'redis-1: appendonly', values: ['–', 'yes'] },
      { what: 'orders: wait.replicas', values: ['–', '1'] },
    ]);
  });

  test('of a run and itself are the same', () => {
    expect(conditionDifferences(vulnerable, vulnerable)).toEqual([]);
  });
});

test('figures are those of both, and say whether they differ', () => {
  const figures = comparedFigures(vulnerable, hardened);
  expect(figures.find(({ title }) => title === 'acknowledged writes lost')).toMatchObject({
    check: 'set',
    texts: [expect.stringMatching(/^400\swrites$/), expect.stringMatching(/^12\swrites$/)],
    differs: true,
  });
  expect(comparedFigures(vulnerable, vulnerable).some(({ differs }) => differs)).toBe(false);
  const without = comparedFigures(vulnerable, { ...hardened, checks: [] });
  expect(without.every(({ texts, differs }) => texts[1] === 'not measured' && differs)).toBe(true);
});

describe('the page', () => {
  test('puts the first faults of both below each other', () => {
    const page = renderComparison(vulnerable, later(vulnerable, 3000));
    const shades = [...page.matchAll(/class="fault-shade" x="([\d.]+)%"/g)].map(([, x]) => Number(x));
    expect(new Set(shades.map((x) => x.toFixed(2))).size).toBe(1);
    expect(page.match(/data-left="(-?[\d.]+)" data-length="([\d.]+)"/g)).toHaveLength(2);
    expect(new Set(page.match(/data-left="(-?[\d.]+)" data-length="([\d.]+)"/g)).size).toBe(1);
    expect(page).toContain('time since the first fault');
    expect(page).toMatch(/class="tick[^"]*">0\.0\u202fs</);
    expect(page).toMatch(/class="tick[^"]*">−\d/);
  });

  test('starts both at their start where one had no fault', () => {
    const calm = { ...hardened, seen: { ...hardened.seen, faults: [] } };
    expect(renderComparison(vulnerable, calm)).toContain('time since the start');
  });

  test('shows a run that died half-way, and one of which nothing was recorded', () => {
    expect(renderComparison(labFailedSample(), hardened)).toContain('The lab failed');
    const nothing = { ...vulnerable, seen: { ...vulnerable.seen, durationMs: 0, faults: [] } };
    expect(renderComparison(nothing, hardened)).toContain('Nothing was recorded');
  });

  test('says what was different beforehand', () => {
    expect(renderComparison(vulnerable, vulnerable)).toContain(
      'Nothing: the same settings, seed and versions.',
    );
    expect(renderComparison(vulnerable, hardened)).toContain('<code>variant</code>');
  });
});
