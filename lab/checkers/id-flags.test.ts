import { expect, test } from 'vitest';
import { idFlags } from './id-flags.ts';

test('keeps bits apart for neighbours, other ranges and numbers above 2^32, whatever the order', () => {
  const flags = idFlags();
  const known = new Map<number, number>();
  for (let i = 0; i < 20_000; i++) {
    const id = ((i * 7919) % 300) * 2 ** 32 + ((i * 104_729) % 5000) + (i % 3 === 0 ? 2 ** 52 : 0);
    const bits = 1 << (i % 6);
    expect(flags.add(id, bits)).toBe(known.get(id) ?? 0);
    known.set(id, (known.get(id) ?? 0) | bits);
  }
  for (const [id, bits] of known) if (flags.get(id) !== bits) expect.fail(`wrong bits for ${id}`);
  const seen = new Map<number, number>();
  flags.forEach((id, bits) => {
    seen.set(id, bits);
  });
  expect(seen).toEqual(known);
  expect(flags.get(12_345)).toBe(known.get(12_345) ?? 0);
});

test.each([-1, 1.5, Number.NaN, 2 ** 53])('refuses %d', (id) => {
  expect(() => idFlags().add(id, 1)).toThrow(RangeError);
});
