import { expect, test } from 'vitest';
import { slotOf } from '../common/key-slot.ts';
import type { LabEvent } from '../history/observations.ts';
import {
  fault,
  type Handwritten,
  handwritten,
  op,
  owner,
  promotion,
  replica,
  role,
  slotViews,
} from './handwritten.ts';
import { recovery } from './recovery.ts';

const check = (input: Handwritten, options = {}) => recovery(options).check(handwritten(input));
const event = (kind: string, at: number, source: string, data: LabEvent['data'] = {}): LabEvent => ({
  at,
  source,
  kind,
  text: '',
  data,
});
const keyIn = (isWanted: (slot: number) => boolean) =>
  Array.from({ length: 99 }, (_, i) => `k${i}`).find((key) => isWanted(slotOf(key))) ?? '';
const [low, high] = [keyIn((slot) => slot < 5461), keyIn((slot) => slot > 10_922)];

const [a, b, c] = [owner('a', '0-5460', 1), owner('b', '5461-10922', 2), owner('c', '10923-16383', 3)];
const d = replica('d', 'a', 1);
const whole = ['a', 'b', 'c', 'd'].map((node) => [10, node, [a, b, c, d]] as const);
const flagged = (flags: string) => [owner('a', '0-5460', 1, { flags }), b, c, d];
const after = [owner('a', '', 1, { flags: 'fail' }), b, c, owner('d', '0-5460', 4)];
/** a dies at 100; b suspects it at 200, it is failing at 230, d asks for votes at 300 and rules from 320 on. */
const seen = {
  nodes: ['a', 'b', 'c', 'd'],
  roles: [
    role('a', 'primary', 0, 100),
    role('a', 'down', 100, 1000),
    ...['b', 'c'].map((node) => role(node, 'primary', 0, 1000)),
    role('d', 'replica', 0, 1000),
  ],
  faults: [fault(['a'], 100)],
  slots: slotViews(
    ...whole,
    [200, 'b', flagged('pfail')],
    [235, 'b', flagged('fail')],
    [236, 'c', flagged('fail'), 'fail'],
    [330, 'd', after],
    [340, 'b', after],
    [360, 'c', after],
  ),
  events: [
    event('fail', 230, 'b', { node: 'a', by: 'quorum' }),
    event('election-delayed', 250, 'd', { delayMs: 50, rank: 0, offset: 0 }),
    event('election-started', 300, 'd', { epoch: 4 }),
    promotion('d', 320),
  ],
};
const write = (key: string, at: number, node: string, client = 'c1') =>
  op('add', at, at, { key, node, client });
const others = [100, 200, 300, 400, 500, 600, 700, 800, 900, 1000].map((at) => write(high, at, 'c'));

test('from suspicion to full coverage, and to the last client of the shard that was hit', () => {
  const operations = [
    ...others,
    write(low, 90, 'a'),
    write(low, 400, 'd'),
    write(low, 95, 'a', 'c2'),
    write(low, 480, 'd', 'c2'),
  ];
  const { verdict, figures, findings, summary } = check({ operations, seen }, { mustRecoverWithinMs: 380 });
  expect(verdict).toBe('valid');
  expect(figures).toEqual({
    pfailMs: 100,
    failMs: 130,
    electionMs: 200,
    promotionMs: 220,
    coverageMs: 260,
    firstClientMs: 300,
    lastClientMs: 380,
    failovers: 1,
    failoverAttempts: 1,
    failoversAborted: 0,
    clients: 2,
    interrupted: 2,
    neverRecovered: 0,
  });
  expect(findings.map(({ cause }) => cause)).toEqual(['pfail', 'fail', 'election', 'promotion', 'coverage']);
  expect(summary).toContain(
    'seen as down after 130 ms, promotion after 220 ms, last client recovered after 380 ms',
  );
  expect(check({ operations, seen }, { mustRecoverWithinMs: 379 }).verdict).toBe('invalid');
});

test('who works on another shard is not judged; who never writes to the hit one again never recovered', () => {
  expect(check({ operations: others, seen }).figures).toMatchObject({ clients: 0 });
  const stuck = [
    ...others,
    write(low, 90, 'a'),
    op('add', 9, 1000, { key: low, client: 'c1', outcome: 'info' }),
  ];
  expect(check({ operations: stuck, seen }, { mustRecoverWithinMs: 500 })).toMatchObject({
    verdict: 'invalid',
    figures: { clients: 1, neverRecovered: 1 },
  });
});

test('without a replica nobody is promoted and coverage never comes back', () => {
  const slots = slotViews(...whole, [200, 'b', flagged('pfail')], [235, 'b', flagged('fail'), 'fail']);
  const blocked = event('failover-blocked', 700, 'd', { why: 'Failover attempt expired.' });
  const { figures } = check(
    { operations: others, seen: { ...seen, slots, events: [blocked] } },
    { mustNotFailOver: true },
  );
  expect(figures).toMatchObject({
    pfailMs: 100,
    failMs: 135,
    electionMs: null,
    promotionMs: null,
    coverageMs: null,
    failoversAborted: 1,
  });
});

test('attempts are those until the next fault that comes after the heal', () => {
  const events = [...seen.events, event('election-started', 700, 'e', { epoch: 5 })];
  const attempts = (faults: typeof seen.faults) =>
    check({ operations: others, seen: { ...seen, events, faults } }).figures.failoverAttempts;
  expect(attempts([fault(['a'], 100, 400)])).toBe(2);
  expect(attempts([fault(['a'], 100, 400), { ...fault(['b'], 600), id: 'cut-2' }])).toBe(1);
  expect(attempts([fault(['a'], 100), { ...fault(['b'], 600), id: 'cut-2' }])).toBe(2);
});

test('two shards at once: a client is back when it can write to both', () => {
  const both = [
    owner('a', '', 1),
    owner('b', '', 2),
    c,
    owner('d', '0-5460', 4),
    owner('e', '5461-10922', 5),
  ];
  const mid = keyIn((slot) => slot > 5460 && slot < 10_923);
  const two = {
    ...seen,
    nodes: [...seen.nodes, 'e'],
    faults: [fault(['a', 'b'], 100)],
    slots: slotViews(...whole, [11, 'e', [replica('e', 'b', 2)]], [330, 'd', both], [430, 'e', both]),
    events: [promotion('d', 320), promotion('e', 420)],
  };
  const operations = [write(low, 350, 'd'), write(mid, 500, 'e'), write(low, 600, 'd')];
  expect(check({ operations, seen: two }).figures).toMatchObject({
    lastClientMs: 400,
    failovers: 2,
    neverRecovered: 0,
  });
  const half = [write(low, 350, 'd'), op('add', 1, 900, { key: mid, client: 'c1', outcome: 'fail' })];
  expect(check({ operations: half, seen: two }).figures).toMatchObject({
    lastClientMs: null,
    neverRecovered: 1,
  });
});
