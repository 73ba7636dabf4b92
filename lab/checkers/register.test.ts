import { expect, test } from 'vitest';
import { final, type Handwritten, handwritten, op } from './handwritten.ts';
import { register } from './register.ts';

const check = (input: Handwritten, options = {}) => register(options).check(handwritten(input));
const reader = { client: 'd' };
const writes = [op('write', 1, 100), op('write', 2, 200)];
const finals = [final('register', [2])];

test('valid: reads see what was acknowledged before they began', () => {
  const operations = [...writes, op('read', 2, 300, reader), op('read', 2, 301)];
  const { verdict, figures } = check({ operations, finals });
  expect(verdict).toBe('valid');
  expect(figures).toMatchObject({ reads: 2, writes: 2, staleReads: 0, goingBack: 0, lostVersions: 0 });
});

test('a read that overlaps the write may return either side', () => {
  for (const version of [1, 2])
    expect(
      check({ operations: [...writes, op('read', version, 300, { ...reader, invoked: 200 })], finals })
        .verdict,
    ).toBe('valid');
});

test('stale: begun after the acknowledgement, older than it; by how much', () => {
  const operations = [...writes, op('write', 3, 250), op('read', 1, 300, reader)];
  const { verdict, figures, findings } = check({ operations, finals: [final('register', [3])] });
  expect(verdict).toBe('invalid');
  // Version 2 is the first that the read should have seen: acknowledged at 200, the read began at 299.
  expect(figures).toMatchObject({ staleReads: 1, staleMaxMs: 99, readYourWrites: 0 });
  expect(findings).toMatchObject([{ kind: 'stale', client: 'd', value: 1, at: 299 }]);
});

test('a read that finds nothing has seen version 0', () => {
  expect(check({ operations: [...writes, op('read', null, 300, reader)], finals }).figures.staleReads).toBe(
    1,
  );
  const before = [op('read', null, 50, reader), ...writes];
  expect(check({ operations: before, finals }).figures.staleReads).toBe(0);
});

test('read-your-writes: the writer itself sees less than it was told', () => {
  const { figures, findings } = check({ operations: [...writes, op('read', 1, 300)], finals });
  expect(figures).toMatchObject({ staleReads: 1, readYourWrites: 1 });
  expect(findings[0]?.kind).toBe('read-your-writes');
});

test('going back: per client, and only after the earlier read had ended', () => {
  const unsure = [op('write', 1, 100), op('write', 2, 900, { outcome: 'info', invoked: 150 })];
  const back = (invoked: number) => [
    ...unsure,
    op('read', 2, 300, reader),
    op('read', 1, 400, { ...reader, invoked }),
  ];
  expect(check({ operations: back(301), finals: [final('register', [1])] }).figures).toMatchObject({
    goingBack: 1,
    staleReads: 0,
  });
  expect(check({ operations: back(299), finals: [final('register', [1])] }).verdict).toBe('valid');
  const two = [...unsure, op('read', 2, 300, reader), op('read', 1, 400, { client: 'e' })];
  expect(check({ operations: two, finals: [final('register', [1])] }).figures.goingBack).toBe(0);
});

test('lost versions: the final read is older than what was acknowledged', () => {
  const operations = [...writes, op('write', 3, 210), op('read', 3, 300, reader)];
  const { verdict, figures } = check({ operations, finals: [final('register', [1])] });
  expect(verdict).toBe('invalid');
  expect(figures.lostVersions).toBe(2);
  expect(check({ operations, finals: [final('register', [])] }).figures.lostVersions).toBe(3);
});

test('only what is asserted decides, the figures stay', () => {
  const operations = [...writes, op('read', 1, 300, reader)];
  const { verdict, figures } = check(
    { operations, finals },
    { properties: ['read-your-writes', 'lost-versions'] },
  );
  expect(verdict).toBe('valid');
  expect(figures.staleReads).toBe(1);
});

test('only the reads of a group are judged, against the writes of all', () => {
  const clients = ['c', 'd', 'e'].map((name) => ({ name, group: name, host: 'h' }));
  const operations = [...writes, op('read', 1, 300, reader), op('read', 2, 300, { client: 'e' })];
  expect(check({ clients, operations, finals }, { group: 'e' }).verdict).toBe('valid');
  expect(check({ clients, operations, finals }, { group: 'd' }).verdict).toBe('invalid');
});

test('only some keys', () => {
  const other = { ...reader, key: 'other' };
  const operations = [
    ...writes,
    op('read', 2, 300, reader),
    op('write', 1, 1, { key: 'other' }),
    op('read', null, 300, other),
  ];
  expect(check({ operations, finals }).verdict).toBe('invalid');
  expect(check({ operations, finals }, { keys: ['k'] })).toMatchObject({
    verdict: 'valid',
    figures: { reads: 1, writes: 2 },
  });
});

test('a version that nobody wrote', () => {
  const operations = [...writes, op('read', 7, 300, reader)];
  expect(check({ operations, finals })).toMatchObject({
    verdict: 'invalid',
    figures: { unexpectedReads: 1 },
  });
  const clients = [
    { name: 'c', group: 'g', host: 'h', crashedAt: 250 },
    { name: 'd', group: 'g', host: 'h' },
  ];
  expect(check({ clients, operations, finals }).verdict).toBe('valid');
});

test('unknown: nothing written, nothing read, no final read, two writers', () => {
  const verdict = (input: Handwritten) => check(input).verdict;
  expect(verdict({ operations: [op('read', null, 1)] })).toBe('unknown');
  expect(verdict({ operations: writes, finals })).toBe('unknown');
  expect(verdict({ operations: [...writes, op('read', 2, 300)] })).toBe('unknown');
  expect(verdict({ operations: [...writes, op('write', 3, 300, reader), op('read', 3, 400)], finals })).toBe(
    'unknown',
  );
});

test('records out of order are judged all the same', () => {
  const operations = [op('read', 1, 300, reader), ...writes.toReversed()];
  expect(check({ operations, finals }).figures).toMatchObject({ staleReads: 1, staleMaxMs: 99 });
});

test('an unknown property is refused', () => {
  expect(() => register({ properties: ['fresh'] })).toThrow(/expected some of stale, .* got "fresh"/);
});
