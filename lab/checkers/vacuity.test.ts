import { expect, test } from 'vitest';
import { fault, type Handwritten, handwritten, op } from './handwritten.ts';
import { vacuity } from './vacuity.ts';

const check = (input: Handwritten, options = {}) => vacuity(options).check(handwritten(input));
const faults = [fault(['p'], 400, 600)];
const operations = [
  op('add', 1, 100),
  op('add', 2, 300),
  op('add', 3, 500),
  op('read', 3, 550),
  op('add', 4, 800),
];

test('valid: proved, enough before and after, enough inside', () => {
  const { verdict, figures } = check({ operations, seen: { faults } });
  expect(verdict).toBe('valid');
  // 3 operations in 800 ms outside, one write inside; the read inside is none.
  expect(figures).toMatchObject({ ratePerSecond: 3.8, writesInWindow: 1, faults: 1 });
});

test.each([
  [
    'a fault that did not bite',
    { faults: [...faults, { ...fault(['p'], 700, 710), provedAt: null }] },
    {},
    /not proved \(silence\)/,
  ],
  ['no fault at all', {}, {}, /no fault was injected/],
  ['too little load', { faults }, { minimumRatePerSecond: 4 }, /expected 4 operations\/s .* got 3.8/],
  ['too few writes inside', { faults }, { minimumWritesInWindow: 2 }, /expected 2 .* got 1/],
  ['too few attempts inside', { faults }, { minimumAttemptsInWindow: 2 }, /expected 2 attempted .* got 1/],
  ['a fault for the whole of the load', { faults: [fault(['p'], 0)] }, {}, /no time outside/],
])('unknown, never invalid: %s', (_, seen, options, summary) => {
  const result = check({ operations, seen }, options);
  expect(result.verdict).toBe('unknown');
  expect(result.summary).toMatch(summary);
});

test('attempts count whatever came of them', () => {
  const refused = { ...op('add', 9, 450), outcome: 'fail' as const };
  const input = { operations: [...operations, refused], seen: { faults } };
  const options = { minimumWritesInWindow: 1, minimumAttemptsInWindow: 2 };
  expect(check(input, options).figures).toMatchObject({ writesInWindow: 1, attemptsInWindow: 2 });
  expect(check(input, options).verdict).toBe('valid');
});

test('overlapping windows count once', () => {
  const seen = { faults: [fault(['p'], 400, 600), fault(['r'], 450, 500)] };
  expect(check({ operations, seen }).figures.ratePerSecond).toBe(3.8);
});

test('a run that is meant to have no fault', () => {
  expect(check({ operations }, { faultsExpected: false }).verdict).toBe('valid');
});
