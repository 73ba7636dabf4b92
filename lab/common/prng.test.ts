import { expect, it } from 'vitest';
import { prng } from './prng.ts';

const draw = (seed: number | string, count = 5) => {
  const random = prng(seed);
  return Array.from({ length: count }, () => random.integer(1000));
};

it('gives the same sequence for the same seed, on every machine and in every version', () => {
  expect(draw(1)).toEqual(draw('1'));
  expect(draw(1)).not.toEqual(draw(2));
  expect(draw(42)).toEqual([307, 367, 231, 17, 9]);
});

it('is spread evenly', () => {
  const counts = new Array<number>(10).fill(0);
  const random = prng(7);
  for (let i = 0; i < 10_000; i++) {
    const bin = random.integer(10);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  for (const count of counts) expect(count).toSatisfy((n: number) => n > 850 && n < 1150);
});

it('has forks that do not depend on what was drawn before', () => {
  const one = prng(1);
  const other = prng(1);
  other.next();
  expect(one.fork('targets').next()).toBe(other.fork('targets').next());
  expect(one.fork('targets').next()).not.toBe(one.fork('times').next());
});

it('picks only what is there', () => {
  expect(['a', 'b']).toContain(prng(1).pick(['a', 'b']));
  expect(() => prng(1).pick([])).toThrow(RangeError);
});
