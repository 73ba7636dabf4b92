import { expect, test } from 'vitest';
import { UsageError } from '../common/errors.ts';
import type { Checker, CheckResult, CheckSpec } from './checker.ts';
import { checkers, createChecker } from './checkers.ts';
import { final, handwritten, op } from './handwritten.ts';
import { runChecks } from './run-checks.ts';

const input = handwritten({ operations: [op('add', 1, 100)], finals: [final('set', [1])] });
const fake = (name: string, check: () => CheckResult): Checker => ({
  name,
  verifies: 'v',
  doesNotVerify: 'd',
  check,
});

test('runs checks by name, and keeps what they were made of', () => {
  const spec = { checker: 'set', options: { name: 'ids' } };
  expect(runChecks([spec], input)).toMatchObject([
    { name: 'ids', verdict: 'valid', spec, figures: { acknowledged: 1 } },
  ]);
});

test('a checker that crashes says unknown, and the next one runs', () => {
  const known = {
    broken: () =>
      fake('broken', () => {
        throw new Error('no such thing');
      }),
    ...checkers,
  };
  const specs = ['broken', 'set'].map((checker) => ({ checker, options: {} }));
  const [broken, set] = runChecks(specs, input, known);
  expect(broken).toMatchObject({
    name: 'broken',
    verdict: 'unknown',
    summary: 'the checker crashed: no such thing',
  });
  expect(set?.verdict).toBe('valid');
});

test('so does one that is not known or has wrong options', () => {
  const specs = [
    { checker: 'toString', options: {} },
    { checker: 'set', options: { keys: 'all' } },
  ];
  expect(runChecks(specs, input).map(({ verdict, name }) => [name, verdict])).toEqual([
    ['toString', 'unknown'],
    ['set', 'unknown'],
  ]);
});

test('a damaged id crashes the check instead of passing it', () => {
  const damaged = handwritten({ operations: [op('add', 1.5, 100)], finals: [final('set', [1.5])] });
  expect(runChecks([{ checker: 'set', options: {} }], damaged)[0]?.verdict).toBe('unknown');
});

test('no more findings than the limit', () => {
  const findings = Array.from({ length: 5000 }, (_, at) => ({ at, kind: 'x', text: '' }));
  const many = () => fake('many', () => ({ verdict: 'invalid', summary: '', figures: {}, findings }));
  expect(runChecks([{ checker: 'many', options: {} }], input, { many })[0]?.findings).toHaveLength(1000);
});

test('a wrong name or option is named with what is known', () => {
  expect(() => createChecker({ checker: 'sets', options: {} })).toThrow(
    /unknown checker "sets"; known are set, register/,
  );
  expect(() => createChecker({ checker: 'set', options: { grup: 'a' } })).toThrow(
    /unknown option "grup"; known are name, group/,
  );
  expect(() => createChecker({ checker: 'recovery', options: { mustRecoverWithinMs: '1' } })).toThrow(
    /mustRecoverWithinMs: expected a number of at least 0, got "1"/,
  );
});

/** What a checker cannot do without; the others need nothing. */
const needed: Readonly<Record<string, CheckSpec['options']>> = {
  limits: { policy: 'p', algorithm: 'sliding-log', limit: 5, windowMs: 100 },
};

test.each(Object.keys(checkers))('%s says what it verifies and what it does not', (checker) => {
  const { verifies, doesNotVerify } = createChecker({ checker, options: needed[checker] ?? {} });
  expect(verifies.length).toBeGreaterThan(40);
  expect(doesNotVerify.length).toBeGreaterThan(40);
});

test.each(Object.keys(needed))('%s says what it needs', (checker) => {
  expect(() => createChecker({ checker, options: {} })).toThrow(UsageError);
});
