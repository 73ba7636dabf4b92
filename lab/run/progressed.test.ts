import { expect, test } from 'vitest';
import { withoutBirths } from './progressed.ts';

const promoted = (at: number, by: string) => ({
  at,
  source: 'redis-1',
  kind: 'promotion',
  text: '',
  data: { by },
});

test('a takeover before the load is how a cluster comes up; later it is a failover, and so is an election at any time', () => {
  expect(withoutBirths(promoted(99, 'takeover'), 100).kind).toBe('bring-up');
  expect(withoutBirths(promoted(100, 'takeover'), 100).kind).toBe('promotion');
  expect(withoutBirths(promoted(99, 'election'), 100).kind).toBe('promotion');
});
