import { expect, test } from 'vitest';
import { prng } from '../common/prng.ts';
import { collectFacts } from './fact-table.ts';

test('answers as a search through all facts does, in whatever order it is asked', () => {
  const random = prng('facts');
  const facts = Array.from({ length: 3000 }, () => ({
    group: random.integer(5),
    at: random.integer(1000),
    version: random.integer(500),
  }));
  const collector = collectFacts();
  for (const { group, at, version } of facts) collector.add(group, at, version);
  const table = collector.build(6);
  for (let i = 0; i < 2000; i++) {
    const group = random.integer(6);
    const [at, version] = [random.integer(1100), random.integer(520)];
    const own = facts.filter((fact) => fact.group === group);
    const before = own.filter((fact) => fact.at < at).map((fact) => fact.version);
    expect(table.highestBefore(group, at)).toBe(Math.max(Number.NEGATIVE_INFINITY, ...before));
    const above = own.filter((fact) => fact.version > version).map((fact) => fact.at);
    expect(table.firstAbove(group, version)).toBe(Math.min(Number.POSITIVE_INFINITY, ...above));
  }
});
