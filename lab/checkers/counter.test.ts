import { expect, test } from 'vitest';
import { counter } from './counter.ts';
import { final, type Handwritten, handwritten, op } from './handwritten.ts';

const check = (input: Handwritten) => counter().check(handwritten(input));
const increments = (...answers: (number | null)[]) =>
  answers.map((answer, i) => op('increment', answer, 100 + i));
const unsure = op('increment', null, 300, { outcome: 'info' });
const refused = op('increment', null, 301, { outcome: 'fail' });

test('valid from the acknowledged to the acknowledged and the unknown', () => {
  const operations = [...increments(1, 2, 3), unsure, refused];
  for (const value of [3, 4])
    expect(check({ operations, finals: [final('counter', [value])] }).verdict).toBe('valid');
});

test('below: a lost increment', () => {
  const result = check({ operations: increments(1, 2, 3), finals: [final('counter', [2])] });
  expect(result).toMatchObject({
    verdict: 'invalid',
    figures: { lostIncrements: 1, duplicateExecutions: 0 },
  });
  expect(check({ operations: increments(1, 2), finals: [final('counter', [])] }).figures.lostIncrements).toBe(
    2,
  );
});

test('above: a duplicate execution, or a failure that was applied', () => {
  const result = check({ operations: [...increments(1, 2, 4), refused], finals: [final('counter', [4])] });
  expect(result).toMatchObject({
    verdict: 'invalid',
    figures: { lostIncrements: 0, duplicateExecutions: 1 },
  });
  expect(result.findings).toMatchObject([{ kind: 'duplicate', key: 'k', value: 4 }]);
});

test('a loss and a duplicate that cancel in the sum are told apart by the answers', () => {
  const result = check({ operations: increments(1, 2, 2, 4), finals: [final('counter', [4])] });
  expect(result.verdict).toBe('invalid');
  expect(result.figures).toMatchObject({
    ok: 4,
    final: 4,
    lostIncrements: 1,
    duplicateExecutions: 1,
    repeatedAnswers: 1,
  });
});

test('an answer given twice is a rollback, even where the sum fits', () => {
  const operations = [...increments(1, 2, 2, 3), unsure];
  const result = check({ operations, finals: [final('counter', [4])] });
  expect(result).toMatchObject({ verdict: 'invalid', figures: { repeatedAnswers: 1, lostIncrements: 1 } });
});

test('without answers the sums decide', () => {
  expect(check({ operations: increments(null, null), finals: [final('counter', [2])] }).verdict).toBe(
    'valid',
  );
  expect(check({ operations: increments(null, null), finals: [final('counter', [3])] }).verdict).toBe(
    'invalid',
  );
  expect(check({ operations: increments(null, null), finals: [final('counter', [1])] }).verdict).toBe(
    'invalid',
  );
});

test('what a crashed client may have done is not called a duplicate', () => {
  const clients = [{ name: 'c', group: 'g', host: 'h', crashedAt: 200 }];
  const result = check({ clients, operations: increments(1, 2), finals: [final('counter', [3])] });
  expect(result).toMatchObject({ verdict: 'unknown', figures: { duplicateExecutions: 0, indeterminate: 1 } });
  expect(check({ clients, operations: increments(1, 2), finals: [final('counter', [1])] }).verdict).toBe(
    'invalid',
  );
});

test('unknown without a final read, or without an acknowledged increment', () => {
  expect(check({ operations: increments(1, 2) }).verdict).toBe('unknown');
  expect(check({ operations: [unsure], finals: [final('counter', [1])] }).verdict).toBe('unknown');
});
