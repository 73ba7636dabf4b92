import { expect, test } from 'vitest';
import type { LabEvent } from '../history/observations.ts';
import { fault, type Handwritten, handwritten, op, promotion } from './handwritten.ts';
import { recovery } from './recovery.ts';

const check = (input: Handwritten, options = {}) => recovery(options).check(handwritten(input));
const event = (kind: string, at: number, data: LabEvent['data'] = {}): LabEvent => ({
  at,
  source: 's1',
  kind,
  text: '',
  data,
});
const master = { instance: 'master', node: 'p' };
const failover = [
  event('+sdown', 150, { instance: 'slave', node: 'r' }),
  event('+sdown', 160, { instance: 'master', node: 'other' }),
  event('+sdown', 200, master),
  event('+odown', 220, master),
  event('+try-failover', 221, master),
  event('+vote-for-leader', 230),
  event('+elected-leader', 240),
  promotion('r', 300),
  event('+switch-master', 320, { node: 'p', newPrimary: 'r' }),
];
const seen = { faults: [fault(['p'], 100)], events: failover };
const onR = (client: string, at: number) => op('add', at, at, { client, node: 'r' });
const twoBack = [op('add', 1, 90), op('add', 2, 95, { client: 'd' }), onR('c', 350), onR('d', 500)];

test('each step in ms from the injection, of the affected primary only', () => {
  const { verdict, figures, findings } = check({ operations: twoBack, seen }, { mustRecoverWithinMs: 400 });
  expect(verdict).toBe('valid');
  expect(figures).toEqual({
    sdownMs: 100,
    odownMs: 120,
    tryFailoverMs: 121,
    voteMs: 130,
    electedMs: 140,
    promotionMs: 200,
    switchMs: 220,
    firstClientMs: 250,
    lastClientMs: 400,
    failovers: 1,
    failoverAttempts: 1,
    failoversAborted: 0,
    clients: 2,
    interrupted: 2,
    neverRecovered: 0,
  });
  expect(findings.map(({ cause }) => cause)).toContain('odown');
});

test('invalid when the last client is later than allowed', () => {
  expect(check({ operations: twoBack, seen }, { mustRecoverWithinMs: 399 }).verdict).toBe('invalid');
});

test('a write to the old primary after the promotion is no recovery', () => {
  const operations = [op('add', 1, 90), op('add', 2, 400), onR('c', 700)];
  expect(check({ operations, seen }).figures).toMatchObject({ firstClientMs: 600, lastClientMs: 600 });
});

test('what an instance of the application acknowledged after the promotion counts, but for views', () => {
  const users = (f: string, at: number, node = 'app-1') => op(f, 7, at, { node });
  const operations = [users('visit', 90), users('view', 350), users('visit', 400), users('visit', 500, 'p')];
  expect(check({ operations, seen }).figures).toMatchObject({ firstClientMs: 300, neverRecovered: 0 });
  const viewing = [users('login', 90), users('visit', 250), users('view', 350)];
  expect(check({ operations: viewing, seen }).figures).toMatchObject({ neverRecovered: 1 });
});

test('a client that never comes back: invalid if recovery was owed, unknown if the load ended before', () => {
  const hanging = op('add', 2, 1000, { client: 'd', outcome: 'info' });
  const operations = [onR('c', 350), hanging];
  const owed = check({ operations, seen }, { mustRecoverWithinMs: 800 });
  expect(owed).toMatchObject({
    verdict: 'invalid',
    figures: { neverRecovered: 1, lastClientMs: null, firstClientMs: 250 },
  });
  expect(check({ operations, seen }, { mustRecoverWithinMs: 950 }).verdict).toBe('unknown');
});

test('no failover: steps that never came are null, and clients recover at the end of their gap', () => {
  const operations = [op('add', 1, 90), op('add', 2, 600), op('add', 3, 700)];
  const quiet = { faults: [fault(['p'], 100)] };
  const { verdict, figures } = check(
    { operations, seen: quiet },
    { mustNotFailOver: true, mustRecoverWithinMs: 500 },
  );
  expect(verdict).toBe('valid');
  expect(figures).toMatchObject({
    sdownMs: null,
    promotionMs: null,
    switchMs: null,
    lastClientMs: 500,
    failovers: 0,
  });
  expect(check({ operations, seen }, { mustNotFailOver: true }).verdict).toBe('invalid');
});

test('nobody noticed: no client was interrupted, none has to recover', () => {
  const operations = [90, 200, 300, 400, 500, 600, 700, 800, 900, 1000].map((at) => op('add', at, at));
  const quiet = { faults: [fault(['r'], 100)] };
  const { verdict, figures, summary } = check({ operations, seen: quiet }, { mustRecoverWithinMs: 10 });
  expect(verdict).toBe('valid');
  expect(figures).toMatchObject({ clients: 1, interrupted: 0, neverRecovered: 0, lastClientMs: null });
  expect(summary).toContain('no client was interrupted');
});

test('the fault by id or name; unknown when there is none, or it was not proved', () => {
  const operations = twoBack;
  expect(check({ operations, seen }, { fault: 'cut' }).verdict).toBe('valid');
  expect(check({ operations, seen }, { fault: 'cut-1' }).verdict).toBe('valid');
  expect(check({ operations, seen }, { fault: 'kill' }).verdict).toBe('unknown');
  expect(check({ operations }).verdict).toBe('unknown');
  const unproved = { ...seen, faults: [{ ...fault(['p'], 100), provedAt: null }] };
  expect(check({ operations, seen: unproved }, { mustRecoverWithinMs: 400 }).verdict).toBe('unknown');
});

test('failovers that are tried again and again', () => {
  const events = [
    event('+try-failover', 200),
    event('-failover-abort-no-good-slave', 210),
    event('+try-failover', 400),
  ];
  const { figures } = check({
    operations: [op('add', 1, 900, { outcome: 'info' })],
    seen: { ...seen, events },
  });
  expect(figures).toMatchObject({
    failovers: 0,
    failoverAttempts: 2,
    failoversAborted: 1,
    neverRecovered: 1,
  });
});

test('the summary has whole milliseconds, and says plainly what never happened', () => {
  const late = [op('add', 1, 90), op('add', 2, 95, { client: 'd' }), onR('c', 350), onR('d', 500.4567)];
  expect(check({ operations: late, seen }).summary).toMatch(
    /: seen as down after 100 ms, promotion after 200 ms, last client recovered after 400 ms$/,
  );
  const quiet = check({ operations: [op('add', 1, 90), op('add', 2, 200)], seen: { faults: seen.faults } });
  expect(quiet.summary).toMatch(/: never seen as down, no promotion/);
  const stuck = [op('add', 1, 90), op('add', 2, 400, { outcome: 'info' })];
  expect(check({ operations: stuck, seen }).summary).toContain('1 of 1 clients never recovered');
});
