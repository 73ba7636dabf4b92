import { expect, it } from 'vitest';
import { SLOT_COUNT, slotOf } from './key-slot.ts';

it('the vector of the specification: CRC16 of "123456789" is 0x31C3', () => {
  expect(slotOf('123456789')).toBe(0x31c3 % SLOT_COUNT);
});

// What `CLUSTER KEYSLOT` of Redis 7.0.15 answers.
it.each([
  ['foo', 12182],
  ['bar', 5061],
  ['', 0],
  ['ids:0', 16342],
  ['{user1000}.following', 3443],
  ['foo{}{bar}', 8363],
  ['foo{{bar}}zap', 4015],
  ['foo{bar}{zap}', 5061],
  ['foo{bar', 15278],
  ['foo}bar{x}', 16287],
  ['{}', 15257],
  ['ü:1', 12234],
  ['日本{ü}', 9552],
  [
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    13717,
  ],
])('%j is in slot %i', (key, slot) => {
  expect(slotOf(key)).toBe(slot);
});

it('keys with one hash tag share its slot', () => {
  expect(
    new Set(['{user1000}.following', '{user1000}.followers', 'a{user1000}b{c}', 'user1000'].map(slotOf)).size,
  ).toBe(1);
});

it('a thousand keys that count up lie in all sixteenths of the slots', () => {
  const sixteenths = Array.from({ length: 1000 }, (_, k) =>
    Math.floor(slotOf(`ids:${k}`) / (SLOT_COUNT / 16)),
  );
  expect(new Set(sixteenths).size).toBe(16);
});
