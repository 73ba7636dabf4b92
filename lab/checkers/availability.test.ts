import { expect, test } from 'vitest';
import { availability } from './availability.ts';
import { fault, type Handwritten, handwritten, op, promotion } from './handwritten.ts';

const check = (input: Handwritten, options = {}) =>
  availability({ gapMs: 150, ...options }).check(handwritten(input));
const every100 = (from: number, to: number, rest = {}) =>
  Array.from({ length: (to - from) / 100 + 1 }, (_, i) => op('add', i, from + i * 100, rest));

test('valid without gaps', () => {
  const { verdict, figures } = check({ operations: every100(0, 1000) }, { maxOutageMs: 0 });
  expect(verdict).toBe('valid');
  expect(figures).toMatchObject({ availableShare: 1, longestOutageMs: 0, outages: 0, neverRecovered: 0 });
});

test('invalid when an outage is longer than allowed; failures are no successes', () => {
  const operations = [...every100(0, 300), op('add', 9, 400, { outcome: 'fail' }), ...every100(700, 1000)];
  const { verdict, figures, findings } = check({ operations }, { maxOutageMs: 399 });
  expect(verdict).toBe('invalid');
  expect(figures).toMatchObject({
    longestOutageMs: 400,
    availableShare: 0.6,
    longestOutageMsByClient: { c: 400 },
  });
  expect(findings).toMatchObject([{ at: 300, kind: 'outage', client: 'c' }]);
  expect(check({ operations }, { maxOutageMs: 400 }).verdict).toBe('valid');
  expect(check({ operations }, { minAvailableShare: 0.61 }).verdict).toBe('invalid');
});

test('a client that hangs is out until the end of the load', () => {
  const hanging = op('add', 9, 1000, { outcome: 'info', invoked: 301 });
  const { figures, summary } = check({ operations: [...every100(0, 300), hanging] });
  expect(figures).toMatchObject({ longestOutageMs: 700, neverRecovered: 1 });
  expect(summary).toContain('1 of 1 clients never recovered');
});

test('one client out, one at work: each counts for itself, together there was no outage', () => {
  const operations = [
    ...every100(0, 1000),
    ...every100(0, 200, { client: 'd' }),
    ...every100(600, 1000, { client: 'd' }),
  ];
  const { figures, summary } = check({ operations });
  expect(figures).toMatchObject({
    longestOutageMs: 400,
    availableShare: 0.8,
    overallLongestOutageMs: 0,
    overallAvailableShare: 1,
  });
  expect(summary).toContain('(d)');
});

test('a client that died counts until then', () => {
  const clients = [{ name: 'c', group: 'g', host: 'h', crashedAt: 350 }];
  expect(check({ clients, operations: every100(0, 300) }).figures).toMatchObject({
    longestOutageMs: 0,
    neverRecovered: 0,
  });
});

test('after the heal, after the promotion, after its announcement, after a time', () => {
  const operations = [...every100(0, 200), ...every100(800, 1000)];
  const announced = (at: number) => ({ at, source: 's', kind: '+switch-master', text: '' });
  const events = [announced(50), promotion('r', 400), announced(450), announced(600)];
  const seen = { faults: [fault(['p'], 210, 500)], events };
  const longest = (after: string | number) => check({ operations, seen }, { after }).figures.longestOutageMs;
  expect(['heal', 'promotion', 'announcement', 700].map(longest)).toEqual([300, 400, 350, 0]);
  expect(check({ operations, seen: { ...seen, events: [] } }, { after: 'announcement' }).verdict).toBe(
    'unknown',
  );
});

test('unknown without operations, load or heal', () => {
  expect(check({}).verdict).toBe('unknown');
  expect(check({ operations: every100(0, 100), seen: { loadWindow: { from: 5, to: 5 } } }).verdict).toBe(
    'unknown',
  );
  expect(check({ operations: every100(0, 100) }, { after: 'heal' }).verdict).toBe('unknown');
  expect(() => availability({ after: 'lunch' })).toThrow(
    /expected a time in ms, "promotion", "announcement", "heal", got "lunch"/,
  );
});

test('only one group', () => {
  const clients = ['c', 'd'].map((name) => ({ name, group: name, host: 'h' }));
  const operations = [...every100(0, 1000), ...every100(0, 200, { client: 'd' })];
  expect(check({ clients, operations }, { group: 'c', maxOutageMs: 0 }).verdict).toBe('valid');
});

test('texts: whole milliseconds, in words when there was no outage, and from when on it was counted', () => {
  const operations = [op('add', 1, 0), op('add', 2, 400.4567), ...every100(500, 1000)];
  const { summary, figures, findings } = check({ operations });
  expect(summary).toContain('the longest outage was 400 ms (c)');
  expect(figures.longestOutageMs).toBe(400.457);
  expect(findings[0]).toMatchObject({ at: 0, to: 400.4567, text: 'c had no success for 400 ms' });
  expect(check({ operations: every100(0, 1000) }).summary).toContain('no outage was longer than 150 ms');
  expect(check({ operations }, { after: 600 }).summary).toContain('of the time from 600 ms on, no outage');
});
