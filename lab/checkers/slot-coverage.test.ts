import { expect, test } from 'vitest';
import { slotOf } from '../common/key-slot.ts';
import { type Handwritten, handwritten, op, owner, replica, role, slotViews } from './handwritten.ts';
import { slotCoverage } from './slot-coverage.ts';

const check = (input: Handwritten, options = {}) => slotCoverage(options).check(handwritten(input));

const [a, b, c] = [owner('a', '0-5460', 1), owner('b', '5461-10922', 2), owner('c', '10923-16383', 3)];
const d = replica('d', 'a', 1);
const all = [a, b, c, d];
const whole = ['a', 'b', 'c', 'd'].map((node) => [10, node, all] as const);
const alive = ['a', 'b', 'c', 'd'].map((node) => role(node, node === 'd' ? 'replica' : 'primary', 0, 1000));
const seen = { nodes: ['a', 'b', 'c', 'd'], roles: alive, loadWindow: { from: 100, to: 1000 } };

/** a is killed at 200 ms, d takes its place at 600 ms; the others know it at once, their state was `down` meanwhile. */
const down = [owner('a', '0-5460', 1, { flags: 'fail disconnected' }), b, c, d];
const after = [owner('a', '', 1, { flags: 'fail disconnected' }), b, c, owner('d', '0-5460', 4)];
const killed = {
  ...seen,
  roles: [role('a', 'primary', 0, 200), role('a', 'down', 200, 1000), ...alive.slice(1)],
  slots: slotViews(
    ...whole,
    ...['b', 'c', 'd'].map((node) => [400, node, down] as const),
    ...['b', 'c', 'd'].map((node) => [600, node, after] as const),
  ),
};

test('everything is served while every owner runs and a majority sees it', () => {
  const { verdict, figures, findings } = check(
    { seen: { ...seen, slots: slotViews(...whole) } },
    { maxUncoveredMs: 0 },
  );
  expect(verdict).toBe('valid');
  expect(figures).toMatchObject({
    coveredShare: 1,
    lowestCoveredShare: 1,
    fullCoverageShare: 1,
    longestUncoveredMs: 0,
    longestUncoveredMsByShard: { a: 0, b: 0, c: 0 },
  });
  expect(findings).toEqual([]);
});

test('the slots of a primary that died are without service until another claims them', () => {
  const { verdict, figures, findings } = check({ seen: killed }, { maxUncoveredMs: 399 });
  expect(verdict).toBe('invalid');
  expect(figures).toMatchObject({
    longestUncoveredMsByShard: { a: 400, b: 0, c: 0 },
    lowestCoveredShare: 0.666687,
    longestUncoveredMs: 400,
  });
  expect(findings).toMatchObject([{ at: 200, to: 600, kind: 'uncovered', node: 'a' }]);
  expect(check({ seen: killed }, { maxUncoveredMs: 400 }).verdict).toBe('valid');
  expect(check({ seen: killed }, { minCoveredShare: 0.9 }).verdict).toBe('invalid');
});

test('nodes that say their cluster is down serve nothing', () => {
  const slots = slotViews(...whole, ...['b', 'c'].map((node) => [400, node, all, 'fail'] as const), [
    500,
    'b',
    all,
    'ok',
  ]);
  expect(check({ seen: { ...seen, slots } }).figures).toMatchObject({
    longestUncoveredMsByShard: { a: 0, b: 100, c: 600 },
  });
});

test('whom a majority suspects does not serve, whatever it believes itself; a minority’s suspicion is nothing', () => {
  const suspects = [owner('a', '0-5460', 1, { flags: 'pfail' }), b, c, d];
  const one = slotViews(...whole, [300, 'b', suspects]);
  expect(check({ seen: { ...seen, slots: one } }).figures).toMatchObject({ longestUncoveredMs: 0 });
  const two = slotViews(...whole, [300, 'b', suspects], [310, 'c', suspects]);
  expect(check({ seen: { ...seen, slots: two } }).figures).toMatchObject({
    longestUncoveredMsByShard: { a: 690 },
  });
});

test('answers to the same round of questions, one after another, are no gap', () => {
  const taken = [owner('a', '', 1), b, c, owner('d', '0-5460', 4)];
  const slots = slotViews(...whole, ...['d', 'b', 'c'].map((node, i) => [400 + 3 * i, node, taken] as const));
  expect(check({ seen: { ...seen, slots } }).figures).toMatchObject({ lowestCoveredShare: 1 });
  const late = slotViews(...whole, ...['d', 'b', 'c'].map((node, i) => [400 + 30 * i, node, taken] as const));
  expect(check({ seen: { ...seen, slots: late } }).figures).toMatchObject({ longestUncoveredMs: 30 });
});

test('a claim with a lower epoch takes nothing away, but two nodes may serve the same slots', () => {
  const taken = [owner('a', '', 1), b, c, owner('d', '0-5460', 4)];
  const slots = slotViews(
    ...whole,
    [400, 'd', taken],
    [400, 'b', taken],
    [400, 'c', taken],
    [550, 'a', taken],
  );
  const { verdict, figures, findings } = check({ seen: { ...seen, slots } }, { maxTwoOwnersMs: 149 });
  expect(verdict).toBe('invalid');
  expect(figures).toMatchObject({ longestTwoOwnersMs: 150, longestUncoveredMs: 0 });
  expect(findings).toMatchObject([{ kind: 'two-owners', at: 400, to: 550 }]);
});

test('one slot of 16384 without service is not 100 % of them served', () => {
  const without = [owner('a', '1-5460', 1), b, c];
  const slots = slotViews(...['a', 'b', 'c'].map((node) => [10, node, without] as const));
  expect(check({ seen: { ...seen, slots } }).summary).toMatch(
    /^99\.9 % of the slots were served, at the least 99\.9 %/,
  );
});

test('slots that nobody owns are a shard without a name', () => {
  const hole = [owner('a', '0-99', 1), b, c];
  const slots = slotViews(...['a', 'b', 'c'].map((node) => [10, node, hole] as const));
  expect(check({ seen: { ...seen, slots } }).figures).toMatchObject({
    longestUncoveredMsByShard: { none: 900, a: 0 },
  });
});

test('a paused owner serves nothing, though all views are as before', () => {
  const roles = [...alive.slice(1), role('a', 'paused', 300, 450), role('a', 'primary', 450, 1000)];
  expect(check({ seen: { ...seen, roles, slots: slotViews(...whole) } }).figures).toMatchObject({
    longestUncoveredMsByShard: { a: 150, b: 0 },
  });
});

test('the clients of a shard have its outage, those of another not; what users do is no Redis key', () => {
  const keyOf = (shard: (slot: number) => boolean) =>
    Array.from({ length: 99 }, (_, i) => `k${i}`).find((key) => shard(slotOf(key))) ?? '';
  const [first, last] = [keyOf((slot) => slot < 5461), keyOf((slot) => slot > 10_922)];
  const every50 = (key: string, except: (at: number) => boolean) =>
    Array.from({ length: 19 }, (_, i) => 100 + i * 50)
      .filter((at) => !except(at))
      .map((at) => op('add', at, at, { key }));
  const operations = [
    ...every50(first, (at) => at > 200 && at < 650),
    ...every50(last, () => false),
    op('visit', 1, 500, { key: first }),
  ];
  const options = { gapMs: 100, minAvailableShare: 0.6 };
  const { verdict, figures } = check({ operations, seen: killed }, options);
  expect(verdict).toBe('invalid');
  expect(figures).toMatchObject({
    availableShareByShard: { a: 0.5, c: 1 },
    longestOutageMsByShard: { a: 450, c: 0 },
    okByShard: { a: 11, c: 19 },
    shards: 2,
  });
  expect(check({ operations, seen: killed }, { gapMs: 100, minAvailableShare: 0.5 }).verdict).toBe('valid');
});

test('unknown without views, and where availability is asked for and nobody did anything', () => {
  expect(check({}).verdict).toBe('unknown');
  expect(check({ seen: killed }, { minAvailableShare: 0.5 }).verdict).toBe('unknown');
});
