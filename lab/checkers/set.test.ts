import { describe, expect, test } from 'vitest';
import {
  fault,
  final,
  type Handwritten,
  handwritten,
  op,
  promotion,
  role,
  sample,
  started,
} from './handwritten.ts';
import { set } from './set.ts';

const check = (input: Handwritten, options = {}) => set(options).check(handwritten(input));
const three = [op('add', 1, 100), op('add', 2, 200), op('add', 3, 300)];

describe('verdict', () => {
  test('valid when every acknowledged id is there', () => {
    const { verdict, figures, findings } = check({ operations: three, finals: [final('set', [3, 2, 1])] });
    expect(verdict).toBe('valid');
    expect(figures).toMatchObject({ attempted: 3, acknowledged: 3, lost: 0, unexpected: 0, recovered: 0 });
    expect(figures).toMatchObject({ lossWindowMs: 0, firstLostAtMs: null, lostAfterIsolationMs: 0 });
    expect(findings).toEqual([]);
  });

  test('invalid when one acknowledged id is dropped', () => {
    const { verdict, figures, findings, summary } = check({
      operations: three,
      finals: [final('set', [1, 3])],
    });
    expect(verdict).toBe('invalid');
    expect(figures).toMatchObject({ lost: 1, unexpected: 0, firstLostAtMs: 200, lastLostAtMs: 200 });
    expect(findings).toMatchObject([{ at: 200, kind: 'lost', client: 'c', node: 'p', key: 'k', value: 2 }]);
    expect(summary).toContain('1 of 3');
  });

  test('invalid when an id is there that nobody added, even if another is lost: counts do not cancel', () => {
    const { verdict, figures } = check({ operations: three, finals: [final('set', [1, 2, 9])] });
    expect(verdict).toBe('invalid');
    expect(figures).toMatchObject({ lost: 1, unexpected: 1 });
  });

  test('unknown without a final read of a set with acknowledged adds', () => {
    const operations = [...three, op('add', 4, 400, { key: 'other' })];
    expect(check({ operations, finals: [final('set', [1, 2, 3])] })).toMatchObject({
      verdict: 'unknown',
      summary: expect.stringContaining('other'),
    });
  });

  test('an empty final read is not a missing one', () => {
    expect(check({ operations: three, finals: [final('set', [])] }).figures.lost).toBe(3);
  });

  test('unknown when nothing was acknowledged', () => {
    const operations = [op('add', 1, 100, { outcome: 'info' })];
    expect(check({ operations, finals: [final('set', [1])] }).verdict).toBe('unknown');
  });
});

test('what nobody knew may be there or not; a refused add that is there is counted apart', () => {
  const outcomes = ['ok', 'info', 'info', 'fail', 'fail'] as const;
  const operations = outcomes.map((outcome, i) => op('add', i, 100 + i, { outcome }));
  const { verdict, figures } = check({ operations, finals: [final('set', [0, 1, 3])] });
  expect(verdict).toBe('valid');
  expect(figures).toMatchObject({ attempted: 5, acknowledged: 1, recovered: 2, appliedFailures: 1 });
});

test('an id that was tried twice is lost once, and acknowledged by either', () => {
  const operations = [op('add', 1, 100, { outcome: 'fail' }), op('add', 1, 110), op('add', 1, 120)];
  expect(check({ operations, finals: [final('set', [])] }).figures).toMatchObject({ attempted: 1, lost: 1 });
});

test('ids that a crashed client may have issued are indeterminate, those below its last record are not', () => {
  const clients = ['a', 'b'].map((name) => ({ name, group: 'g', host: 'h' }));
  const base = 2 ** 32;
  const operations = [op('add', 0, 100, { client: 'a' }), op('add', base + 5, 110, { client: 'b' })];
  const finals = [final('set', [0, 1, base + 4, base + 5, base + 6])];
  const crashed = clients.map((one) => (one.name === 'b' ? { ...one, crashedAt: 120 } : one));
  expect(check({ clients: crashed, operations, finals }).figures).toMatchObject({
    indeterminate: 1,
    unexpected: 2,
  });
  expect(check({ clients, operations, finals }).figures).toMatchObject({ indeterminate: 0, unexpected: 3 });
});

test('only one group, only some keys', () => {
  const clients = ['a', 'b'].map((name) => ({ name, group: name, host: 'h' }));
  const operations = [
    op('add', 1, 1, { client: 'a', key: 'a:0' }),
    op('add', 2, 2, { client: 'b', key: 'b:0' }),
  ];
  const finals = [final('set', [1], 'a:0'), final('set', [], 'b:0')];
  expect(check({ clients, operations, finals }).verdict).toBe('invalid');
  expect(check({ clients, operations, finals }, { group: 'a' }).verdict).toBe('valid');
  expect(check({ clients, operations, finals }, { keys: ['a:0'] }).figures.attempted).toBe(1);
});

test('ids up to 2^53 - 1', () => {
  const large = 2 ** 53 - 1;
  const operations = [op('add', large, 1), op('add', large - 1, 2)];
  expect(check({ operations, finals: [final('set', [large])] }).findings).toMatchObject([
    { value: large - 1 },
  ]);
});

describe('cause of a loss', () => {
  const cause = (input: Handwritten) => {
    const { figures, findings } = check(input);
    expect(figures.lost).toBe(1);
    const [only] = Object.entries(figures.lostByCause as Record<string, number>).filter(
      ([, count]) => count > 0,
    );
    expect(findings[0]?.cause).toBe(only?.[0]);
    return only?.[0];
  };
  const promoted = { events: [promotion('r', 250)] };
  const onR = op('add', 4, 400, { node: 'r' });

  test('minority-primary: acknowledged at or after the promotion of another', () => {
    const operations = [op('add', 1, 100), op('add', 2, 250), onR];
    expect(cause({ operations, finals: [final('set', [1, 4])], seen: promoted })).toBe('minority-primary');
  });

  test('unreplicated: acknowledged before the promotion, and nothing after it survived', () => {
    const operations = [op('add', 1, 100), op('add', 2, 249), onR];
    expect(cause({ operations, finals: [final('set', [1, 4])], seen: promoted })).toBe('unreplicated');
  });

  test('not unreplicated when a later write of the same primary survived: replication is a prefix', () => {
    const operations = [op('add', 1, 100), op('add', 2, 200), op('add', 3, 240), onR];
    expect(cause({ operations, finals: [final('set', [1, 3, 4])], seen: promoted })).toBe('unexplained');
  });

  test.each([
    [
      'Sentinel’s announcement',
      {
        events: [
          { at: 250, source: 's1', kind: '+switch-master', text: '', data: { node: 'p', newPrimary: 'r' } },
        ],
      },
    ],
    [
      'a role that changed',
      {
        roles: [role('p', 'primary', 0, 1000), role('r', 'replica', 0, 250), role('r', 'primary', 250, 1000)],
      },
    ],
  ])('a promotion known from %s', (_, seen) => {
    const operations = [op('add', 1, 100), op('add', 2, 260), onR];
    expect(cause({ operations, finals: [final('set', [1, 4])], seen })).toBe('minority-primary');
  });

  test('the log of the promoted node counts, not the later announcement', () => {
    const late = {
      at: 300,
      source: 's1',
      kind: '+switch-master',
      text: '',
      data: { node: 'p', newPrimary: 'r' },
    };
    const operations = [op('add', 1, 100), op('add', 2, 260), onR];
    const seen = { events: [late, promotion('r', 250)] };
    expect(cause({ operations, finals: [final('set', [1, 4])], seen })).toBe('minority-primary');
  });

  test('wiped: the primary came back empty, and nothing older survived', () => {
    const operations = [op('add', 1, 100), op('add', 2, 400)];
    const seen = { events: [started('p', 300, 'lost')] };
    expect(cause({ operations, finals: [final('set', [2])], seen })).toBe('wiped');
  });

  test('wiped: executed before the restart, though the answer arrived after it', () => {
    const operations = [op('add', 1, 302, { invoked: 290 }), op('add', 2, 400)];
    const seen = { events: [started('p', 300, 'lost')] };
    expect(cause({ operations, finals: [final('set', [2])], seen })).toBe('wiped');
  });

  test('wiped: the tail that an older snapshot does not hold', () => {
    const operations = [op('add', 1, 100), op('add', 2, 200), op('add', 3, 400)];
    const seen = { events: [started('p', 300, 'kept')] };
    expect(cause({ operations, finals: [final('set', [1, 3])], seen })).toBe('wiped');
  });

  test('the first primary is the one when the load began, not a replica that has not been told yet', () => {
    const roles = [role('r', 'primary', 0, 5), role('p', 'primary', 1, 1000), role('r', 'replica', 5, 1000)];
    const operations = [op('add', 1, 100), op('add', 2, 400)];
    const seen = { roles, events: [started('p', 300, 'lost')], loadWindow: { from: 50, to: 1000 } };
    expect(cause({ operations, finals: [final('set', [2])], seen })).toBe('wiped');
  });

  test('wiped, although a replica that had copied the emptiness was promoted later', () => {
    const operations = [op('add', 1, 100), op('add', 2, 400), op('add', 3, 600, { node: 'r' })];
    const seen = { events: [started('p', 300, 'lost'), promotion('r', 500)] };
    expect(cause({ operations, finals: [final('set', [2, 3])], seen })).toBe('wiped');
  });

  test('not wiped when older writes survived on a replica that was promoted: its tail was unreplicated', () => {
    const operations = [op('add', 1, 100), op('add', 2, 200), onR];
    const seen = { events: [started('p', 300, 'lost'), promotion('r', 350)] };
    expect(cause({ operations, finals: [final('set', [1, 4])], seen })).toBe('unreplicated');
  });

  test('not wiped when the node that came back empty was no longer the primary', () => {
    const operations = [op('add', 1, 100), op('add', 2, 240), onR];
    const seen = { events: [promotion('r', 250), started('p', 300, 'lost')] };
    expect(cause({ operations, finals: [final('set', [1, 4])], seen })).toBe('unreplicated');
  });

  test('evicted, expired: the key is gone with all that was in it, and a counter rose', () => {
    const operations = [op('add', 1, 100), op('add', 2, 400)];
    const finals = [final('set', [2])];
    const rising = (counter: string) => ({
      samples: [sample(50, { [counter]: 7 }), sample(300, { [counter]: 8 })],
    });
    expect(cause({ operations, finals, seen: rising('evicted_keys') })).toBe('evicted');
    expect(cause({ operations, finals, seen: rising('expired_keys') })).toBe('expired');
    expect(cause({ operations, finals })).toBe('unexplained');
  });

  test('not evicted when an older id of the same key survived, or the counter rose before', () => {
    const samples = [sample(50, { evicted_keys: 7 }), sample(300, { evicted_keys: 8 })];
    const older = [op('add', 1, 100), op('add', 2, 200)];
    expect(cause({ operations: older, finals: [final('set', [1])], seen: { samples } })).toBe('unexplained');
    const later = [op('add', 2, 400)];
    expect(cause({ operations: later, finals: [final('set', [])], seen: { samples } })).toBe('unexplained');
  });
});

test('the loss window and the time since the isolation, per cause', () => {
  const operations = [
    op('add', 1, 100),
    op('add', 2, 220),
    op('add', 3, 240),
    op('add', 4, 300),
    op('add', 5, 450),
  ];
  const seen = { events: [promotion('r', 250)], faults: [fault(['h-p→r'], 50), fault(['p'], 210, 600)] };
  const { figures } = check({ operations, finals: [final('set', [1])], seen });
  expect(figures).toMatchObject({
    lostByCause: { unreplicated: 2, 'minority-primary': 2, wiped: 0 },
    lossWindowMs: 230,
    lossWindowMsByCause: { unreplicated: 20, 'minority-primary': 150 },
    lostAfterIsolationMs: 240,
  });
});

test('evidence is limited, spread over the whole time, and fair to a rare cause; marks count all of it', () => {
  const many = Array.from({ length: 3000 }, (_, i) => op('add', i, 300 + i / 10));
  const operations = [op('add', 9000, 200), ...many.toReversed()];
  const { findings, figures } = check({
    operations,
    finals: [final('set', [])],
    seen: { events: [promotion('r', 250)] },
  });
  expect(figures.lost).toBe(3001);
  expect(findings).toHaveLength(1000);
  expect(findings[0]?.cause).toBe('unreplicated');
  expect(findings.at(-1)?.value).toBe(2999);
  const apart = findings.slice(2).map(({ at }, i) => at - (findings[i + 1]?.at ?? 0));
  expect(Math.max(...apart)).toBeLessThan(2 * (Math.min(...apart) + 1));
});
