import { describe, expect, test } from 'vitest';
import { algorithmOf, type Policy } from '../app/limits/algorithms.ts';
import { prng } from '../common/prng.ts';
import type { Operation } from '../history/operation.ts';
import { fault, type Handwritten, handwritten, op, promotion, role, sample, started } from './handwritten.ts';
import { limits } from './limits.ts';

/** Not at the beginning of any window, so that alignment matters. */
const startedAtUnixMs = 1_800_000_000_123;

const policies: Policy[] = [
  { algorithm: 'fixed-window', limit: 5, windowMs: 100 },
  { algorithm: 'sliding-log', limit: 5, windowMs: 100 },
  { algorithm: 'sliding-counter', limit: 5, windowMs: 100 },
  { algorithm: 'token-bucket', capacity: 5, perSecond: 50 },
  { algorithm: 'leaky-bucket', capacity: 5, perSecond: 50 },
];

const check = (policy: Policy, input: Handwritten, more: Record<string, unknown> = {}) =>
  limits({ policy: 'p', ...policy, ...more }).check(
    handwritten({ ...input, seen: { startedAtUnixMs, ...input.seen } }),
  );

/** One decision, in µs; by others than Redis where `by` says so. */
const admit = (atUs: number, isAdmitted: boolean, by = '', key = 'p/k'): Operation => {
  const suffix = by === '' ? '' : `by ${by}`;
  const error = isAdmitted ? suffix || null : `http 429 ${suffix}`.trim();
  const outcome = isAdmitted ? 'ok' : 'fail';
  return op('admit', atUs, atUs / 1000 + 0.5, { key, outcome, error, node: 'app-1' });
};

const pause = (random: ReturnType<typeof prng>) =>
  random.next() < 0.95 ? 1 + random.integer(400) : 1 + random.integer(120_000);

/** Asks a limiter in bursts at random times of 1 s; a bug may forget the count, or count twice. */
function ask(policy: Policy, bug: { forgetsAtUs?: number; doublesFromUs?: number } = {}): Operation[] {
  const random = prng('asks');
  const operations: Operation[] = [];
  let count = algorithmOf(policy).count(1);
  let isSound = true;
  for (let at = 1000; at < 990_000; at += pause(random)) {
    const now = startedAtUnixMs * 1000 + at;
    const { admitted } = count.decide(now);
    operations.push(admit(at, admitted));
    if (isSound && !admitted && at >= (bug.forgetsAtUs ?? Number.POSITIVE_INFINITY)) {
      count = algorithmOf(policy).count(1);
      isSound = false;
    }
    if (admitted && at >= (bug.doublesFromUs ?? Number.POSITIVE_INFINITY)) count.decide(now);
  }
  return operations;
}

describe.each(policies)('$algorithm', (policy) => {
  test('valid where the limiter is exact', () => {
    const result = check(policy, { operations: ask(policy) });
    expect(result).toMatchObject({
      verdict: 'valid',
      figures: { overAdmitted: 0, underAdmitted: 0, blockedKeys: 0 },
    });
    expect(result.figures.admitted).toBeGreaterThan(30);
    expect(result.figures.refused).toBeGreaterThan(30);
  });

  test('invalid where the count was forgotten; a failover in the window is the cause', () => {
    const forgetsAtUs = 500_000;
    const operations = ask(policy, { forgetsAtUs });
    const result = check(policy, { operations });
    expect(result.verdict).toBe('invalid');
    const over = result.figures.overAdmitted as number;
    expect(over).toBeGreaterThan(0);
    expect(over).toBeLessThanOrEqual(5);
    expect(result.figures.overAdmittedByCause).toEqual({ unexplained: over });
    expect(result.findings[0]).toMatchObject({ kind: 'over-admitted', key: 'p/k' });
    const at = (result.findings[0]?.at ?? 0) - 1;
    const seen = { events: [promotion('r', at)], roles: [role('p', 'primary', 0, at)] };
    expect(check(policy, { operations, seen }).figures.overAdmittedByCause).toEqual({ failover: over });
    expect(check(policy, { operations }, { maxOverAdmitted: over }).verdict).toBe('valid');
  });

  test('invalid where admissions count twice', () => {
    const result = check(policy, { operations: ask(policy, { doublesFromUs: 300_000 }) });
    expect(result.verdict).toBe('invalid');
    expect(result.figures.overAdmitted).toBe(0);
    expect(result.figures.underAdmitted).toBeGreaterThan(0);
    expect(result.figures.countedInExcess).toBeGreaterThan(0);
    expect(result.findings[0]).toMatchObject({ kind: 'under-admitted', cause: 'counted-twice' });
    expect((result.findings[0]?.at ?? 0) > 300).toBe(true);
  });

  test('an outcome that nobody knows may have counted, once', () => {
    const operations = ask(policy, { doublesFromUs: 300_000 });
    const unsure = Array.from({ length: 5 }, (_, i) =>
      op('admit', null, 290 + i, { key: 'p/k', outcome: 'info', error: 'timeout' }),
    );
    const excused = check(policy, { operations: [...operations, ...unsure] }, { graceMs: 1000 });
    expect(excused).toMatchObject({ verdict: 'valid', figures: { underAdmitted: 0, overAdmittedAtMost: 5 } });
    // With a shorter grace they end to matter before the doubled counts do.
    expect(check(policy, { operations: [...operations, ...unsure] }, { graceMs: 1 }).verdict).toBe('invalid');
  });

  test('refused for ever: blocked', () => {
    const operations = [...Array(5).keys()].map((i) => admit(1000 + i, true));
    for (let at = 2000; at < 900_000; at += 5000) operations.push(admit(at, false));
    const result = check(policy, { operations });
    expect(result).toMatchObject({ verdict: 'invalid', figures: { blockedKeys: 1 } });
    expect(result.figures.longestBlockedMs).toBeGreaterThan(800);
    expect(result.findings.some(({ kind }) => kind === 'blocked')).toBe(true);
  });

  test('failing open, local caps and failing closed are told apart and timed', () => {
    const open = [...Array(20).keys()].map((i) => admit(300_000 + i * 100, true, 'open'));
    const opened = check(policy, { operations: open });
    expect(opened).toMatchObject({ verdict: 'invalid', figures: { failOpenMs: 2 } });
    const byCause = opened.figures.overAdmittedByCause as Record<string, number>;
    expect(Object.keys(byCause)).toEqual(['fail-open']);
    expect(check(policy, { operations: open }, { mayFailOpen: true }).verdict).toBe('valid');
    expect(check(policy, { operations: open }, { mayFailOpen: true, maxFailOpenMs: 1 }).verdict).toBe(
      'invalid',
    );
    const local = [...Array(5).keys()].map((i) => admit(300_000 + i * 100, true, 'local'));
    const redis = [...Array(5).keys()].map((i) => admit(310_000 + i * 100, true));
    expect(
      Object.keys(check(policy, { operations: [...local, ...redis] }).figures.overAdmittedByCause as object),
    ).toEqual(['local-caps']);
    const closed = [...Array(9).keys()].map((i) => admit(300_000 + i * 1000, false, 'closed'));
    const result = check(policy, { operations: closed }, { maxFailClosedMs: 5 });
    expect(result).toMatchObject({ verdict: 'invalid', figures: { failClosedMs: 8, underAdmitted: 0 } });
    expect(check(policy, { operations: closed }).verdict).toBe('valid');
  });

  test('other policies, other groups and other operations do not count; unknown without any decision', () => {
    const operations = [
      ...[...Array(20).keys()].map((i) => admit(1000 + i, true, '', 'other/k')),
      op('view', 1, 500),
    ];
    expect(check(policy, { operations }).verdict).toBe('unknown');
    const own = [...Array(20).keys()].map((i) => admit(1000 + i, true));
    expect(check(policy, { operations: own }, { group: 'nobody' }).verdict).toBe('unknown');
    expect(check(policy, { operations: own }).verdict).toBe('invalid');
  });
});

const [fixed, log, counter, tokens] = policies as [Policy, Policy, Policy, Policy, Policy];

/** µs since the run's start at which the window that begins in it first begins. */
const boundary = 77_000;
const around = [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4].map((i) => admit(boundary + i * 100 + 50, true));

test('twice the limit around a boundary is legal for a fixed window, and for nothing else', () => {
  const result = check(fixed, { operations: around });
  expect(result).toMatchObject({ verdict: 'valid', figures: { mostInAnyPeriod: 10 } });
  expect(check(log, { operations: around }).figures.overAdmitted).toBe(5);
  expect(check(counter, { operations: around }).figures.overAdmitted).toBe(5);
  expect(check(tokens, { operations: around }).figures.overAdmitted).toBe(5);
});

test('windows are aligned to Unix time', () => {
  expect(check(fixed, { operations: around, seen: { startedAtUnixMs: 1_800_000_000_150 } }).verdict).toBe(
    'invalid',
  );
  const without = handwritten({ operations: around });
  expect(limits({ policy: 'p', ...fixed }).check(without).verdict).toBe('unknown');
  expect(limits({ policy: 'p', ...fixed, startedAtUnixMs }).check(without).verdict).toBe('valid');
  expect(limits({ policy: 'p', ...log }).check(without).verdict).toBe('invalid');
});

test('causes: two primaries at once, a restart, a flush, an eviction', () => {
  const operations = [...Array(6).keys()].map((i) => admit(500_000 + i, true));
  const cause = (seen: Handwritten['seen']) =>
    check(log, { operations, seen: { ...seen, startedAtUnixMs } }).figures.overAdmittedByCause;
  const two = [role('p', 'primary', 0, 600), role('r', 'primary', 480, 1000)];
  expect(cause({ events: [promotion('r', 480)], roles: two })).toEqual({ 'minority-primary': 1 });
  expect(cause({ events: [started('p', 490, 'lost')] })).toEqual({ wiped: 1 });
  const flush = { ...fault(['p'], 490), name: 'flush' };
  expect(cause({ faults: [flush] })).toEqual({ flushed: 1 });
  expect(cause({ faults: [{ ...flush, refusedBy: ['p'] }] })).toEqual({ unexplained: 1 });
  const evicted = (count: number) => ({ evicted_keys: count });
  expect(cause({ samples: [sample(400, evicted(0)), sample(510, evicted(3))] })).toEqual({ evicted: 1 });
  const set = { ...fault(['host-1'], 490), name: 'step-clock' };
  expect(cause({ faults: [set] })).toEqual({ clock: 1 });
  expect(cause({ faults: [{ ...set, provedAt: null }] })).toEqual({ unexplained: 1 });
  expect(cause({})).toEqual({ unexplained: 1 });
});

test('what is missing in the options is named', () => {
  expect(() => limits({ policy: 'p' })).toThrow(/algorithm: expected one of fixed-window/);
  expect(() => limits({ policy: 'p', algorithm: 'fixed-window', limit: 3 })).toThrow(/windowMs/);
  expect(() => limits({ policy: 'p', algorithm: 'token-bucket', capacity: 3 })).toThrow(/perSecond/);
  expect(() => limits({ algorithm: 'fixed-window', limit: 3, windowMs: 1 })).toThrow(/policy/);
});
