import { expect, test } from 'vitest';
import { historyStore } from '../history/history-store.ts';
import type { Operation } from '../history/operation.ts';
import { fault, type Handwritten, handwritten, op } from './handwritten.ts';
import { users } from './users.ts';

const check = (input: Handwritten, options = {}) =>
  users({ recoveryMs: 50, ...options }).check(handwritten(input));
/** A visit of so many ms, answered with this error, or well. */
const visit = (
  completed: number,
  latencyMs: number,
  error: string | null = null,
  rest: Partial<Operation> = {},
) =>
  op('visit', 1, completed, {
    invoked: completed - latencyMs,
    error,
    outcome: error === null ? 'ok' : /^http 4|503|refused/.test(error) ? 'fail' : 'info',
    ...rest,
  });
const many = (from: number, to: number, latencyMs = 2) =>
  Array.from({ length: (to - from) / 10 + 1 }, (_, i) => visit(from + i * 10, latencyMs));

test('errors apart for the time of faults and the rest', () => {
  const operations = [
    ...many(10, 490),
    visit(520, 10, 'http 503'),
    visit(560, 30, 'timeout'),
    visit(640, 10, 'refused'),
    visit(700, 10, 'http 500'),
    ...many(710, 990),
  ];
  const seen = { faults: [fault(['p'], 500, 600)] };
  const { figures, findings, verdict } = check({ operations, seen });
  expect(verdict).toBe('valid');
  expect(figures).toMatchObject({
    operations: 79,
    errors: 1,
    operationsInFault: 3,
    errorsInFault: 3,
    errorShareInFault: 1,
    worstSecondAtMs: 0,
    worstSecondErrors: 4,
    errorsByKind: { 'http 503': 1, timeout: 1, refused: 1, 'http 500': 1 },
  });
  expect(findings.map(({ at, cause }) => [at, cause])).toEqual([
    [520, 'http 503'],
    [560, 'timeout'],
    [640, 'refused'],
    [700, 'http 500'],
  ]);
  expect(check({ operations, seen }, { maxErrorShareInFault: 0.99 }).verdict).toBe('invalid');
  expect(check({ operations, seen }, { maxErrorShareInFault: 1, maxErrorShare: 0.013 }).verdict).toBe(
    'valid',
  );
  expect(check({ operations, seen }, { maxErrorShare: 0.012 }).verdict).toBe('invalid');
});

test('of several faults only the one that is meant', () => {
  const operations = [...many(10, 990), visit(560, 30, 'timeout')];
  const slow = { ...fault(['p'], 100, 900), name: 'latency' };
  const flush = { ...fault(['p'], 550, 600), name: 'flush' };
  const seen = { faults: [slow, flush] };
  expect(check({ operations, seen }).figures).toMatchObject({ errorsInFault: 1, operationsInFault: 87 });
  expect(check({ operations, seen }, { fault: 'flush' }).figures).toMatchObject({
    errorsInFault: 1,
    operationsInFault: 12,
  });
});

test('what the application decides is no error', () => {
  const operations = [...many(10, 900), visit(910, 1, 'http 401'), visit(920, 1, 'http 429')];
  const { figures, verdict, findings } = check({ operations }, { maxErrorShare: 0 });
  expect([verdict, figures.errors, figures.rejected, findings.length]).toEqual(['valid', 0, 2, 0]);
  const refused = check({ operations: [...operations, visit(930, 1, 'refused')] }, { maxErrorShare: 0 });
  expect(refused.verdict).toBe('invalid');
});

test('waiting, with a limit for each time; an operation that began before a fault and ended in it is the fault’s', () => {
  const operations = [...many(10, 390, 2), visit(520, 120), ...many(700, 990, 2)];
  const seen = { faults: [fault(['p'], 450, 500)] };
  const { figures } = check({ operations, seen });
  expect(figures.slowestInFaultMs).toBe(120);
  expect(figures.p99Ms).toBeCloseTo(2, 0);
  expect(figures.p99InFaultMs).toBe(120);
  expect(check({ operations, seen }, { p99InFaultMs: 119 }).verdict).toBe('invalid');
  expect(check({ operations, seen }, { p99InFaultMs: 120, p99Ms: 3 }).verdict).toBe('valid');
  expect(check({ operations, seen }, { p99Ms: 1 }).verdict).toBe('invalid');
});

test('a fault that is never healed lasts until the load ends; overlapping ones are one time', () => {
  const operations = many(10, 990);
  const never = check({ operations, seen: { faults: [fault(['p'], 505, null)] } });
  expect(never.figures).toMatchObject({ operations: 50, operationsInFault: 49 });
  const seen = { faults: [fault(['p'], 205, 400), fault(['r'], 305, 345)] };
  expect(check({ operations, seen }).figures.operationsInFault).toBe(25);
});

test('only users, only of a group, only some operations', () => {
  const clients = ['c', 'd'].map((name) => ({ name, group: name, host: 'h' }));
  const operations = [
    visit(100, 1),
    visit(110, 1, 'http 500', { client: 'd' }),
    visit(120, 1, 'http 500', { f: 'process' }),
    visit(130, 1, 'timeout', { f: 'view' }),
  ];
  const errors = (options: object) => check({ operations, clients }, options).figures.errors;
  expect([errors({}), errors({ group: 'c' }), errors({ group: 'c', operations: ['visit'] })]).toEqual([
    2, 1, 0,
  ]);
});

test('unknown when nothing, or nothing that is limited, happened', () => {
  expect(check({}).verdict).toBe('unknown');
  expect(check({ operations: many(10, 90) }, { maxErrorShareInFault: 1 }).verdict).toBe('unknown');
  expect(() => users({ p99: 3 })).toThrow(/unknown option "p99"/);
});

test('a million operations in a moment', () => {
  const store = historyStore([{ name: 'c', group: 'g', host: 'h' }]);
  for (let i = 0; i < 1_000_000; i++)
    store.add(visit(i / 1000, (i % 50) / 10, i % 10 === 0 ? 'http 500' : null));
  const { seen } = handwritten({ seen: { faults: [fault(['p'], 300, 400), fault(['p'], 700, 800)] } });
  const from = performance.now();
  const { figures } = users().check({ history: store, seen });
  const tookMs = performance.now() - from;
  expect(Number(figures.errors) + Number(figures.errorsInFault)).toBe(100_000);
  // Half a second; a busy machine takes a few times that.
  expect(tookMs).toBeLessThan(5000);
});
