import { describe, expect, it } from 'vitest';
import { packDetail, unpackDetail } from './packed-detail.ts';
import { packNumbers, unpackNumbers } from './packed-numbers.ts';

const groupOf = (buckets: number, classes: number) => ({
  group: 'writers',
  ok: new Array<number>(buckets).fill(3 * classes),
  fail: Array.from({ length: buckets }, (_, i) => i % 50),
  info: [],
  latencies: Array.from({ length: buckets }, () =>
    Array.from({ length: classes }, (_, i) => [2 * i + 5, 3]).flat(),
  ),
  errors: [{ error: 'timeout', counts: [3, 44, 4, 1, 9, 100_000] }],
});
const detailOf = (buckets: number, classes: number) => ({
  bucketMs: 10,
  latencyBoundsMs: [0.001, 0.0012],
  groups: [groupOf(buckets, classes)],
});

it('numbers of any size come back, in signs that need no escaping', () => {
  const numbers = [0, 1, 43, 44, 45, 1935, 1936, 85_184, 2 ** 40 + 7];
  const text = packNumbers(numbers);
  expect(unpackNumbers(text)).toEqual(numbers);
  expect(packNumbers(Array.from({ length: 5000 }, (_, i) => i))).not.toMatch(/["'<>&\\\s]/);
  expect(packNumbers([43]).length).toBe(1);
});

describe('a detail', () => {
  it('comes back as it was', () => {
    const detail = detailOf(40, 4);
    expect(unpackDetail(packDetail(detail))).toEqual(detail);
    const empty = {
      ...detail,
      groups: [{ group: 'x', ok: [], fail: [], info: [], latencies: [], errors: [] }],
    };
    expect(unpackDetail(packDetail(empty))).toEqual(empty);
  });

  it('that is too large has wider buckets, and no operation less', () => {
    const detail = detailOf(6_001, 50);
    const packed = packDetail(detail);
    expect(packed.bucketMs).toBe(20);
    expect(JSON.stringify(packed).length).toBeLessThan(450_000);
    const [group] = unpackDetail(packed).groups;
    const sum = (counts: readonly number[] = []) => counts.reduce((a, b) => a + b, 0);
    expect(sum(group?.ok)).toBe(sum(detail.groups[0]?.ok));
    expect(sum(group?.fail)).toBe(sum(detail.groups[0]?.fail));
    expect(group?.latencies[0]?.slice(0, 4)).toEqual([5, 6, 7, 6]);
    expect(group?.errors[0]?.counts).toEqual([1, 44, 2, 1, 4, 100_000]);
  });
});
