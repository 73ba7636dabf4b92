import { expect, test } from 'vitest';
import type { JudgedCheck, Verdict } from './checker.ts';
import { type Expectation, judge } from './expectations.ts';

const checked = (name: string, verdict: Verdict, figures = {}): JudgedCheck => {
  const spec = { checker: name, options: {} };
  return {
    name,
    verdict,
    figures,
    summary: `${name} says so`,
    findings: [],
    verifies: '',
    doesNotVerify: '',
    spec,
  };
};
const expected = (verdict: Expectation['verdict'], figures?: Expectation['figures']): Expectation => ({
  check: 'set',
  verdict,
  because: 'it must',
  ...(figures && { figures }),
});
const losses = checked('set', 'invalid', { lost: 5, lostByCause: { 'minority-primary': 5 }, nothing: null });

test.each([
  [expected('invalid')],
  [expected('any')],
  [expected('invalid', { lost: { min: 5, max: 5 } })],
  [expected('any', { 'lostByCause.minority-primary': { min: 1 } })],
])('met: %j', (expectation) => {
  const { outcome, results } = judge([expectation], [losses]);
  expect(outcome).toBe('as-expected');
  expect(results).toMatchObject([{ met: 'yes', found: '', because: 'it must' }]);
});

test.each([
  [expected('valid'), /^invalid: set says so/],
  [expected('invalid', { lost: { min: 6 } }), /expected lost of at least 6, got 5/],
  [expected('any', { lost: { max: 4 } }), /expected lost of at most 4, got 5/],
  [expected('any', { nothing: { max: 4 } }), /got none/],
  [expected('any', { missing: { max: 4 } }), /got none/],
  [expected('any', { 'lostByCause.wiped': { max: 4 } }), /got none/],
  [expected('any', { lostByCause: { max: 4 } }), /got none/],
  [expected('any', { toString: { max: 4 } }), /got none/],
])('not met: %j', (expectation, found) => {
  const { outcome, results, reason } = judge([expectation], [losses]);
  expect(outcome).toBe('unexpected');
  expect(results[0]?.met).toBe('no');
  expect(results[0]?.found).toMatch(found);
  expect(reason).toMatch(/^set: /);
});

test('a needed check that is unknown or missing makes it inconclusive, one that nobody needs does not', () => {
  expect(judge([expected('any')], [checked('set', 'unknown')])).toMatchObject({
    outcome: 'inconclusive',
    reason: 'set: set says so',
  });
  expect(judge([expected('any')], [])).toMatchObject({
    outcome: 'inconclusive',
    results: [{ met: 'undecided' }],
  });
  expect(judge([expected('any')], [losses, checked('counter', 'unknown')]).outcome).toBe('as-expected');
});

test('vacuity is always needed', () => {
  expect(judge([expected('any')], [losses, checked('vacuity', 'unknown')]).outcome).toBe('inconclusive');
  expect(judge([expected('any')], [losses, checked('vacuity', 'valid')]).outcome).toBe('as-expected');
});

test('who expects nothing learns nothing', () => {
  expect(judge([], [losses]).outcome).toBe('inconclusive');
});
