import { expect, it } from 'vitest';
import { changeText, splitAdvice } from './mitigation-table.ts';

it.each([
  [400, 12, '−97 %'],
  [100, 0, '−100 %'],
  [2, 3, '+50 %'],
  [10, 52, '5.2 ×'],
  [0, 7, ''],
  [5, 5, ''],
])('from %d to %d is "%s"', (before, after, text) => {
  expect(changeText(before, after).replaceAll('\u202f', ' ')).toBe(text);
});

it.each([
  ['Set it. The price: memory.', 'Set it.', 'Memory.'],
  ['Set it. Price: memory, and time.', 'Set it.', 'Memory, and time.'],
  ['Set it, whatever the price.', 'Set it, whatever the price.', ''],
  ['', '', ''],
])('splits %j', (text, advice, price) => {
  expect(splitAdvice(text)).toEqual({ advice, price });
});
