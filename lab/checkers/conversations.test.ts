import { describe, expect, test } from 'vitest';
import { historyStore } from '../history/history-store.ts';
import type { Operation } from '../history/operation.ts';
import { conversations } from './conversations.ts';
import { final, type Handwritten, handwritten, op } from './handwritten.ts';

const check = (input: Handwritten, options = {}) => conversations(options).check(handwritten(input));
const key = 'conversation:5';
const say = (turn: number, at: number, rest: Partial<Operation> = {}) =>
  op('say', turn, at, { key, ...rest });
const recall = (last: number | null, at: number, rest: Partial<Operation> = {}) =>
  op('recall', last, at, { key, ...rest });
const three = [say(1, 100), say(2, 200), say(3, 300)];
const read = (turns: readonly number[], of = key) => [final('conversation', turns, of)];

describe('the final read', () => {
  test('valid when every acknowledged turn is there', () => {
    const { verdict, figures } = check({ operations: three, finals: read([1, 2, 3]) });
    expect(verdict).toBe('valid');
    expect(figures).toMatchObject({ conversations: 1, acknowledged: 3, lost: 0, mostLostInOne: 0 });
  });

  test('invalid beyond the bound, valid within it', () => {
    const lost = { operations: three, finals: read([1]) };
    const { verdict, figures, findings, summary } = check(lost, { maxLostPerConversation: 1 });
    expect(verdict).toBe('invalid');
    expect(figures).toMatchObject({ lost: 2, lostConversations: 1, mostLostInOne: 2, gaps: 0 });
    expect(findings).toMatchObject([
      { kind: 'lost', value: 2, at: 200, key },
      { kind: 'lost', value: 3 },
    ]);
    expect(summary).toContain('2 of 3');
    expect(check(lost, { maxLostPerConversation: 2 }).verdict).toBe('valid');
  });

  test('the bound is each conversation’s own', () => {
    const operations = [...three, ...[1, 2].map((turn) => say(turn, 400 + turn, { key: 'conversation:6' }))];
    const finals = [...read([1, 2]), ...read([1], 'conversation:6')];
    expect(check({ operations, finals }, { maxLostPerConversation: 1 })).toMatchObject({
      verdict: 'valid',
      figures: { lost: 2, lostConversations: 2, mostLostInOne: 1 },
    });
  });

  test('gaps, duplicates, order, and turns that nobody said', () => {
    expect(check({ operations: three, finals: read([1, 3]) }).figures).toMatchObject({ gaps: 1, lost: 1 });
    expect(check({ operations: three, finals: read([1, 2, 2, 3]) })).toMatchObject({
      verdict: 'invalid',
      figures: { duplicates: 1, outOfOrder: 0 },
    });
    expect(check({ operations: three, finals: read([1, 3, 2]) })).toMatchObject({
      verdict: 'invalid',
      figures: { duplicates: 0, outOfOrder: 1 },
    });
    expect(check({ operations: three, finals: read([1, 2, 3, 9]) })).toMatchObject({
      verdict: 'invalid',
      figures: { unexpected: 1 },
    });
  });

  test('a turn that was said again is one turn, and one of unknown outcome may be there or not', () => {
    const operations = [...three, say(3, 310), say(4, 320, { outcome: 'info' })];
    expect(check({ operations, finals: read([1, 2, 3]) })).toMatchObject({
      verdict: 'valid',
      figures: { acknowledged: 3, attempted: 4, recovered: 0 },
    });
    expect(check({ operations, finals: read([1, 2, 3, 4]) })).toMatchObject({
      verdict: 'valid',
      figures: { recovered: 1, unexpected: 0 },
    });
  });

  test('unknown without one, and when nothing was acknowledged', () => {
    expect(check({ operations: three }).verdict).toBe('unknown');
    const operations = [say(1, 100, { outcome: 'fail' })];
    expect(check({ operations, finals: read([]) }).verdict).toBe('unknown');
  });
});

describe('recalls', () => {
  const finals = read([1, 2, 3]);

  test('valid when they show what was acknowledged before they began', () => {
    const operations = [...three, recall(2, 250), recall(3, 400)];
    expect(check({ operations, finals })).toMatchObject({ verdict: 'valid', figures: { recalls: 2 } });
  });

  test('invalid when they lack more than the bound; not for what was acknowledged meanwhile', () => {
    const lacking = { operations: [...three, recall(2, 400)], finals };
    expect(check(lacking)).toMatchObject({ verdict: 'invalid', figures: { shortRecalls: 1 } });
    expect(check(lacking, { maxLostPerConversation: 1 }).verdict).toBe('valid');
    const meanwhile = { operations: [...three, recall(2, 400, { invoked: 299 })], finals };
    expect(check(meanwhile).verdict).toBe('valid');
    const empty = { operations: [...three, recall(null, 400)], finals };
    expect(check(empty, { maxLostPerConversation: 2 }).figures.shortRecalls).toBe(1);
    expect(check(empty, { maxLostPerConversation: 3 }).figures.shortRecalls).toBe(0);
  });

  test('turns that were never acknowledged are not lacking', () => {
    const operations = [say(1, 100), say(2, 200, { outcome: 'fail' }), say(3, 300), recall(1, 400)];
    const told = { operations, finals: read([1, 3]) };
    expect(check(told, { maxLostPerConversation: 1 }).verdict).toBe('valid');
    expect(check(told).verdict).toBe('invalid');
  });

  test('invalid when they show what nobody had begun to say there: another conversation', () => {
    const other = say(8, 150, { key: 'conversation:6' });
    const operations = [...three, other, recall(8, 400)];
    expect(check({ operations, finals: [...finals, ...read([8], 'conversation:6')] })).toMatchObject({
      verdict: 'invalid',
      figures: { unexpected: 1 },
    });
  });
});

test('only one group, only some keys', () => {
  const clients = ['a', 'b'].map((name) => ({ name, group: name, host: 'h' }));
  const operations = [say(1, 100, { client: 'a' }), say(1, 110, { client: 'b', key: 'conversation:6' })];
  const input = { clients, operations, finals: [...read([1]), ...read([], 'conversation:6')] };
  expect(check(input).verdict).toBe('invalid');
  expect(check(input, { group: 'a' }).verdict).toBe('valid');
  expect(check(input, { keys: [key] }).verdict).toBe('valid');
});

test('1,000,000 operations in at most 1.5 s of processor time', () => {
  const names = Array.from({ length: 20 }, (_, i) => `c${i}`);
  const store = historyStore(names.map((name) => ({ name, group: 'g', host: 'h' })));
  const keys = Array.from({ length: 1000 }, (_, i) => `conversation:${i}`);
  for (let i = 0; i < 500_000; i++) {
    const [turn, of] = [Math.floor(i / keys.length) + 1, keys[i % keys.length] as string];
    const client = names[i % names.length] as string;
    store.add(say(turn, i / 100, { key: of, client }));
    store.add(recall(turn - 1, i / 100 + 0.5, { key: of, client, invoked: i / 100 + 0.1 }));
  }
  store.finalReads.push(
    ...keys.map((of) =>
      final(
        'conversation',
        Array.from({ length: 500 }, (_, i) => i + 1),
        of,
      ),
    ),
  );
  const checker = conversations();
  const { seen } = handwritten({});
  // Processor time: other work on the machine does not count.
  const before = process.threadCpuUsage();
  const { figures } = checker.check({ history: store, seen });
  const { user, system } = process.threadCpuUsage(before);
  expect(figures).toMatchObject({ acknowledged: 500_000, lost: 0, shortRecalls: 500_000 });
  expect((user + system) / 1000).toBeLessThan(1500);
}, 60_000);
