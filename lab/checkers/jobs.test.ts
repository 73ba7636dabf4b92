import { describe, expect, test } from 'vitest';
import { historyStore } from '../history/history-store.ts';
import type { MetricSeries } from '../history/observations.ts';
import type { Operation } from '../history/operation.ts';
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
import { jobs } from './jobs.ts';

const check = (input: Handwritten, options = {}) => jobs(options).check(handwritten(input));
const key = 'orders';
const order = (id: number, at: number, rest: Partial<Operation> = {}) =>
  op('order', id, at, { key, node: 'app-1', ...rest });
const processed = (id: number, at: number) => op('process', id, at, { key, client: 'ledger', node: 'app-1' });

describe('verdict', () => {
  test('valid when every acknowledged order was processed once', () => {
    const operations = [order(1, 100), order(2, 200), processed(1, 110), processed(2, 190)];
    const { verdict, figures, findings } = check({ operations });
    expect(verdict).toBe('valid');
    expect(figures).toMatchObject({ ordered: 2, acknowledged: 2, processed: 2, lost: 0, duplicates: 0 });
    expect(figures).toMatchObject({ delayMaxMs: 10, unexpected: 0 });
    expect(findings).toEqual([]);
  });

  test('invalid when an acknowledged order is missing, and when one is there that nobody ordered', () => {
    const { verdict, figures, findings, summary } = check({
      operations: [order(1, 100), order(2, 200), processed(1, 110), processed(7, 300)],
    });
    expect(verdict).toBe('invalid');
    expect(figures).toMatchObject({ lost: 1, unexpected: 1, lostByCause: { unexplained: 1 } });
    expect(findings).toMatchObject([
      { kind: 'lost', cause: 'unexplained', value: 2, at: 200 },
      { kind: 'unexpected', value: 7 },
    ]);
    expect(summary).toContain('1 of 2');
    expect(check({ operations: [order(1, 100), processed(7, 300), processed(1, 101)] }).verdict).toBe(
      'invalid',
    );
  });

  test('invalid when one was processed twice, unless that many may be', () => {
    const operations = [order(1, 100), processed(1, 110), processed(1, 150), processed(1, 160)];
    const { verdict, figures, findings } = check({ operations });
    expect(verdict).toBe('invalid');
    expect(figures).toMatchObject({ duplicates: 2, duplicatedOrders: 1, lost: 0 });
    expect(findings).toMatchObject([{ kind: 'duplicate', value: 1, at: 110 }]);
    expect(check({ operations }, { maxDuplicates: 2 }).verdict).toBe('valid');
  });

  test('the final read alone is a ledger too: it tells how often, not when', () => {
    const operations = [order(1, 100), order(2, 120)];
    expect(check({ operations, finals: [final('orders', [2, 1], key)] })).toMatchObject({
      verdict: 'valid',
      figures: { delayMaxMs: null },
    });
    expect(check({ operations, finals: [final('orders', [2, 1, 2], key)] }).figures.duplicates).toBe(1);
    expect(check({ operations, finals: [final('orders', [], key)] }).figures.lost).toBe(2);
  });

  test('unknown without a ledger, and when nothing was acknowledged', () => {
    expect(check({ operations: [order(1, 100)] }).verdict).toBe('unknown');
    const operations = [order(1, 100, { outcome: 'info' }), processed(1, 110)];
    expect(check({ operations }).verdict).toBe('unknown');
  });

  test('invalid when one was processed too late', () => {
    const operations = [order(1, 100), processed(1, 400)];
    expect(check({ operations }, { maxDelayMs: 299 }).verdict).toBe('invalid');
    expect(check({ operations }, { maxDelayMs: 300 }).verdict).toBe('valid');
  });
});

test('an order that was asked for twice is one order', () => {
  const operations = [
    order(1, 100, { outcome: 'info' }),
    order(1, 150),
    order(1, 170),
    processed(1, 120),
    order(2, 180),
  ];
  const { figures } = check({ operations });
  expect(figures).toMatchObject({ ordered: 2, acknowledged: 2, lost: 1, delayMaxMs: 0 });
});

test('orders of unknown outcome may be processed or not; a refused one that was is counted', () => {
  const operations = [
    order(1, 100),
    order(2, 101, { outcome: 'info' }),
    order(3, 102, { outcome: 'info' }),
    order(4, 103, { outcome: 'fail' }),
    order(5, 104, { outcome: 'fail' }),
    ...[1, 2, 4].map((id) => processed(id, 120)),
  ];
  const { verdict, figures } = check({ operations });
  expect(verdict).toBe('valid');
  expect(figures).toMatchObject({ unknownProcessed: 1, unknownUnprocessed: 1, appliedFailures: 1 });
});

test('delays are told apart by when the order was acknowledged: in a fault window or not', () => {
  const operations = [order(1, 100), processed(1, 105), order(2, 450), processed(2, 850)];
  const { figures } = check({ operations, seen: { faults: [fault(['p'], 400, 600)] } });
  expect(figures).toMatchObject({ delayInFaultsMaxMs: 400, delayOutsideFaultsMaxMs: 5, delayMaxMs: 400 });
});

test('only one group; what the others ordered is not unexpected', () => {
  const clients = ['a', 'b', 'ledger'].map((name) => ({ name, group: name, host: 'h' }));
  const operations = [order(1, 100, { client: 'a' }), order(2, 100, { client: 'b' }), processed(1, 120)];
  const both = { clients, operations: [...operations, processed(2, 130)] };
  expect(check(both, { group: 'a' })).toMatchObject({ verdict: 'valid', figures: { unexpected: 0 } });
  expect(check({ clients, operations }, { group: 'a' }).verdict).toBe('valid');
  expect(check({ clients, operations }, { group: 'b' }).verdict).toBe('invalid');
});

test('what a client that died may have ordered is indeterminate', () => {
  const clients = [
    { name: 'c', group: 'g', host: 'h', crashedAt: 200 },
    { name: 'ledger', group: 'ledger', host: 'h' },
  ];
  const operations = [order(1, 100), processed(1, 110), processed(9, 120)];
  expect(check({ clients, operations })).toMatchObject({
    verdict: 'valid',
    figures: { unexpected: 0, indeterminate: 1 },
  });
});

describe('cause of a loss', () => {
  const depth = (state: string, value: number): MetricSeries => ({
    source: 'app-1',
    name: 'jobs_queue_depth',
    labels: { state },
    kind: 'gauge',
    at: [900],
    values: [value],
  });
  const others = [order(1, 100), processed(1, 105)];
  const causes = (lost: readonly Operation[], seen: Handwritten['seen'], options = {}) =>
    Object.entries(
      check({ operations: [...others, ...lost], seen: seen ?? {} }, options).figures.lostByCause as Record<
        string,
        number
      >,
    ).filter(([, count]) => count > 0);

  test('unreplicated: lost to the promotion of another', () => {
    const seen = { roles: [role('p', 'primary', 0, 290)], events: [promotion('r', 300)] };
    expect(causes([order(2, 200)], seen)).toEqual([['unreplicated', 1]]);
    expect(causes([order(2, 400)], seen)).toEqual([['unexplained', 1]]);
  });

  test('not unreplicated when an order that was begun later waited across the promotion', () => {
    const crossing = [order(3, 250), processed(3, 500)];
    expect(causes([order(2, 200), ...crossing], { events: [promotion('r', 300)] })).toEqual([
      ['unexplained', 1],
    ]);
    expect(causes([order(2, 280), ...crossing], { events: [promotion('r', 300)] })).toEqual([
      ['unreplicated', 1],
    ]);
  });

  test('minority primary: the old one still took writes', () => {
    const roles = [role('p', 'primary', 0, 500), role('r', 'primary', 300, 1000)];
    const seen = { roles, events: [promotion('r', 300)] };
    expect(causes([order(2, 400)], seen)).toEqual([['minority-primary', 1]]);
    expect(causes([order(2, 600)], seen)).toEqual([['unexplained', 1]]);
  });

  test('wiped: the primary itself started again', () => {
    expect(causes([order(2, 200)], { events: [started('p', 300, 'lost')] })).toEqual([['wiped', 1]]);
    expect(causes([order(2, 200)], { events: [started('r', 300, 'lost')] })).toEqual([['unexplained', 1]]);
  });

  test('flushed: the queue was emptied, though a worker ended what it had at hand', () => {
    const flush = { ...fault(['p'], 300), name: 'flush-as-stranger' };
    const operations = [order(3, 200), order(2, 250), processed(2, 310)];
    expect(causes(operations, { faults: [flush] })).toEqual([['flushed', 1]]);
    expect(causes([order(3, 400)], { faults: [flush] })).toEqual([['unexplained', 1]]);
    expect(causes(operations, { faults: [{ ...flush, refusedBy: ['p'] }] })).toEqual([['unexplained', 1]]);
    expect(causes(operations, { faults: [{ ...flush, targets: ['cache'] }] })).toEqual([['unexplained', 1]]);
  });

  test('evicted', () => {
    const samples = [sample(150, { evicted_keys: 0 }), sample(300, { evicted_keys: 4 })];
    expect(causes([order(2, 200)], { samples })).toEqual([['evicted', 1]]);
    expect(causes([order(2, 400)], { samples })).toEqual([['unexplained', 1]]);
  });

  test('waiting and failed: as many of the latest as the queue says it holds', () => {
    const lost = [order(2, 200), order(3, 210), order(4, 220)];
    const metrics = [depth('waiting', 1), depth('failed', 1)];
    expect(causes(lost, { metrics })).toEqual([
      ['waiting', 1],
      ['failed', 1],
      ['unexplained', 1],
    ]);
  });

  test('failed for want of data that was evicted: evicted', () => {
    const samples = [sample(150, { evicted_keys: 0 }), sample(300, { evicted_keys: 4 })];
    const gone = (source: string, values: number[]): MetricSeries => ({
      source,
      name: 'jobs_without_data_total',
      labels: {},
      kind: 'counter',
      at: values.map((_, i) => 800 + i),
      values,
    });
    const lost = [order(2, 200), order(3, 210), order(4, 220), order(5, 230)];
    // app-1 was started anew in between.
    const metrics = [depth('failed', 4), gone('app-1', [1, 1, 0, 1]), gone('app-2', [0, 1])];
    expect(causes(lost, { samples, metrics })).toEqual([
      ['failed', 1],
      ['evicted', 3],
    ]);
  });

  test('only the nodes of the queue count', () => {
    const seen = { events: [promotion('cache-2', 300)] };
    expect(causes([order(2, 200)], seen)).toEqual([['unreplicated', 1]]);
    expect(causes([order(2, 200)], seen, { nodes: ['p', 'r'] })).toEqual([['unexplained', 1]]);
  });

  test('a cause that may lose does not decide', () => {
    const input = { operations: [...others, order(2, 200)], seen: { events: [promotion('r', 300)] } };
    expect(check(input).verdict).toBe('invalid');
    expect(check(input, { mayLose: ['unreplicated'] }).verdict).toBe('valid');
    expect(check(input, { mayLose: ['wiped'] }).verdict).toBe('invalid');
    expect(check(input, { maxLost: 1 }).verdict).toBe('valid');
    expect(() => jobs({ mayLose: ['magic'] })).toThrow('got "magic"');
  });
});

test('1,000,000 operations in at most 1.5 s of processor time', () => {
  const names = [...Array.from({ length: 20 }, (_, i) => `c${i}`), 'ledger'];
  const store = historyStore(names.map((name) => ({ name, group: name, host: 'h' })));
  const orders = 500_000;
  for (let id = 0; id < orders; id++) {
    store.add(order(id, id / 1000, { client: `c${id % 20}` }));
    if (id % 100 !== 0) store.add(processed(id, id / 1000 + 3));
    else store.add(order(id, id / 1000 + 1, { client: `c${id % 20}` }));
  }
  const { seen } = handwritten({ seen: { events: [promotion('r', 300)], faults: [fault(['p'], 250)] } });
  const checker = jobs();
  // Processor time: other work on the machine does not count.
  const before = process.threadCpuUsage();
  const { figures } = checker.check({ history: store, seen });
  const { user, system } = process.threadCpuUsage(before);
  expect(figures).toMatchObject({ acknowledged: orders, lost: orders / 100 });
  expect((user + system) / 1000).toBeLessThan(1500);
}, 60_000);
