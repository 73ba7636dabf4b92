import { expect, test } from 'vitest';
import { cache } from './cache.ts';
import { final, type Handwritten, handwritten, op } from './handwritten.ts';

const check = (input: Handwritten, options = {}) => cache(options).check(handwritten(input));
/** Begun 1 ms before, as every operation here. */
const view = (version: number, at: number, client = 'c') => op('view', version, at, { client });
const update = (version: number, at: number, rest = {}) =>
  op('update', version, at, { client: 'u', ...rest });

test('valid: every view shows the newest acknowledged version', () => {
  const operations = [view(1, 50), update(2, 100), view(2, 102), update(3, 200), view(3, 300)];
  expect(check({ operations, finals: [final('register', [3])] })).toMatchObject({
    verdict: 'valid',
    figures: { views: 3, updates: 2, staleViews: 0, staleMaxMs: null, lostUpdates: 0 },
  });
});

test('a view beside an update may show either side', () => {
  const slow = update(2, 200, { invoked: 100 });
  for (const version of [1, 2])
    expect(check({ operations: [slow, view(version, 150)] }).verdict).toBe('valid');
});

test('stale beyond the bound is invalid, within it a figure', () => {
  const operations = [update(2, 100), view(1, 141)];
  expect(check({ operations }, { maxStaleMs: 39 })).toMatchObject({
    verdict: 'invalid',
    figures: { staleViews: 1, tooStaleViews: 1, staleMaxMs: 40, staleMedianMs: 40 },
    findings: [{ kind: 'stale', value: 1 }],
  });
  expect(check({ operations }, { maxStaleMs: 40 })).toMatchObject({
    verdict: 'valid',
    figures: { staleViews: 1, tooStaleViews: 0, staleMaxMs: 40 },
  });
});

test('staleness counts from the first newer version, not from the newest', () => {
  const operations = [update(2, 100), update(3, 190), view(1, 201)];
  expect(check({ operations }).figures.staleMaxMs).toBe(100);
});

test('permanent: still old after a quiet time longer than the TTL', () => {
  const late = { operations: [update(2, 100), view(1, 302)] };
  const options = { ttlMs: 200, maxStaleMs: 1000 };
  expect(check(late, options)).toMatchObject({
    verdict: 'invalid',
    figures: { permanentlyStaleViews: 1, permanentlyStaleKeys: 1 },
  });
  // An update in between means that the time was not quiet.
  const busy = { operations: [update(2, 100), update(3, 250), view(1, 302)] };
  expect(check(busy, options).verdict).toBe('valid');
});

test('a version that no update can have written yet is ahead; one of unknown outcome may be seen', () => {
  expect(check({ operations: [update(2, 100), view(3, 200)] })).toMatchObject({
    verdict: 'invalid',
    figures: { aheadViews: 1 },
  });
  expect(check({ operations: [view(2, 50), update(2, 100)] }).figures.aheadViews).toBe(1);
  const unsure = op('update', null, 150, { client: 'u', outcome: 'info' });
  expect(check({ operations: [update(2, 100), unsure, view(3, 200)] }).verdict).toBe('valid');
  const refused = op('update', null, 150, { client: 'u', outcome: 'fail' });
  expect(check({ operations: [update(2, 100), refused, view(3, 200)] }).verdict).toBe('invalid');
});

test('going back is a figure, and decides only when asked to', () => {
  const operations = [update(2, 100, { invoked: 10 }), view(2, 50), view(1, 60), view(1, 70, 'd')];
  expect(check({ operations })).toMatchObject({ verdict: 'valid', figures: { goingBack: 1 } });
  expect(check({ operations }, { properties: ['going-back'] }).verdict).toBe('invalid');
});

test('acknowledged updates above the final version are lost, and so are versions given twice', () => {
  const operations = [update(2, 100), update(3, 200), update(4, 300), view(4, 400)];
  expect(check({ operations, finals: [final('register', [2])] })).toMatchObject({
    verdict: 'invalid',
    figures: { lostUpdates: 2, firstLostAtMs: 200, lastLostAtMs: 300 },
  });
  const again = [update(2, 100), update(2, 200), view(2, 400)];
  expect(check({ operations: again, finals: [final('register', [2])] }).figures.lostUpdates).toBe(1);
  expect(check({ operations, finals: [final('register', [4])] }).verdict).toBe('valid');
  expect(check({ operations, finals: [final('register', [4], 'other')] }).verdict).toBe('unknown');
});

test('unknown without a view or an update', () => {
  expect(check({ operations: [view(1, 10)] }).verdict).toBe('unknown');
  expect(check({ operations: [update(2, 10)] }).verdict).toBe('unknown');
});

test('wrong options are named', () => {
  expect(() => cache({ properties: ['fresh'] })).toThrow(/expected some of stale/);
});
