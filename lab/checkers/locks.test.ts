import { expect, test } from 'vitest';
import { handwritten, op } from './handwritten.ts';
import { locks } from './locks.ts';

const acquire = (client: string, at: number, token: number) => op('acquire', token, at, { client, key: 'l' });
const step = (client: string, at: number, token: number, refused = false) =>
  op('guard', token, at, {
    client,
    key: 'l',
    ...(refused ? { outcome: 'fail' as const, error: 'stale-token' } : {}),
  });
const check = (operations: ReturnType<typeof op>[]) => locks().check(handwritten({ operations }));

test('one after the other is as it should be', () => {
  const held = op('acquire', null, 15, { client: 'b', key: 'l', outcome: 'fail', error: 'held' });
  const result = check([acquire('a', 10, 1), held, step('a', 20, 1), acquire('b', 30, 2), step('b', 40, 2)]);
  expect(result).toMatchObject({
    verdict: 'valid',
    figures: { grants: 2, refused: 1, steps: 2, twoHolders: 0, interleaved: 0 },
  });
});

test('a step after one of a later holder is a mixture', () => {
  const result = check([
    ...[acquire('a', 10, 1), step('a', 20, 1), acquire('b', 30, 1)],
    ...[step('b', 40, 1), step('a', 50, 1), step('b', 60, 1), step('a', 70, 1)],
  ]);
  expect(result).toMatchObject({ verdict: 'invalid', figures: { twoHolders: 1, interleaved: 2 } });
  expect(result.findings[0]).toMatchObject({ at: expect.any(Number), kind: 'interleaved', key: 'l' });
});

test('two at once are none where the resource refuses one of them', () => {
  const result = check([
    ...[acquire('a', 10, 1), step('a', 20, 1), acquire('b', 30, 2)],
    ...[step('b', 40, 2), step('a', 50, 1, true)],
  ]);
  expect(result).toMatchObject({
    verdict: 'valid',
    figures: { twoHolders: 1, interleaved: 0, staleSteps: 1 },
  });
});

test('another lock is another matter; without any it is unknown', () => {
  const other = op('guard', 1, 50, { client: 'a', key: 'other' });
  expect(
    check([acquire('a', 10, 1), step('a', 20, 1), acquire('b', 30, 2), step('b', 40, 2), other]),
  ).toMatchObject({
    verdict: 'valid',
  });
  expect(check([other]).verdict).toBe('unknown');
});
