import { expect, test } from 'vitest';
import type { Operation } from '../history/operation.ts';
import { handwritten, op } from './handwritten.ts';
import { redirects } from './redirects.ts';

const check = (operations: Operation[], options = {}) =>
  redirects(options).check(handwritten({ operations }));

const some = [
  op('add', 1, 10),
  op('add', 2, 20, { redirects: 1, redirectedBy: 'MOVED:1' }),
  op('read', 3, 30, { redirects: 3, redirectedBy: 'CLUSTERDOWN:2 MOVED:1', client: 'd' }),
  op('add', 4, 40, { redirects: 16, outcome: 'fail', error: 'CLUSTERDOWN' }),
  op('visit', 5, 50, { redirects: 99 }),
];

test('counts redirects per operation on Redis', () => {
  const { verdict, figures } = check(some);
  expect(verdict).toBe('valid');
  expect(figures).toMatchObject({
    operations: 4,
    redirected: 3,
    redirects: 20,
    meanRedirects: 5,
    meanOfRedirected: 6.667,
    maxRedirects: 16,
    okAfterRedirect: 2,
    exhausted: 0,
    operationsByRedirects: { 0: 1, 1: 1, 3: 1, 16: 1 },
    redirectsByReason: { MOVED: 2, CLUSTERDOWN: 2 },
  });
});

test('each bound has both verdicts', () => {
  for (const [options, verdict] of [
    [{ maxRedirects: 16 }, 'valid'],
    [{ maxRedirects: 15 }, 'invalid'],
    [{ maxMeanRedirects: 5 }, 'valid'],
    [{ maxMeanRedirects: 4.9 }, 'invalid'],
    [{ budget: 16, maxExhausted: 1 }, 'valid'],
    [{ budget: 16, maxExhausted: 0 }, 'invalid'],
    [{ budget: 17, maxExhausted: 0 }, 'valid'],
  ] as const)
    expect([options, check(some, options).verdict]).toEqual([options, verdict]);
});

test('an operation that says that its budget is used up is evidence, whatever the budget was', () => {
  const error = 'unclassified: Too many Cluster redirections. Last error: …';
  const { figures, findings } = check([op('add', 1, 10, { outcome: 'fail', error, redirects: 3 })]);
  expect(figures).toMatchObject({ exhausted: 1 });
  expect(findings).toMatchObject([{ kind: 'exhausted', at: 10, key: 'k', value: 3 }]);
});

test('unknown when nobody did anything on Redis', () => {
  expect(check([op('visit', 5, 50)]).verdict).toBe('unknown');
  expect(check(some, { group: 'others' }).verdict).toBe('unknown');
});
