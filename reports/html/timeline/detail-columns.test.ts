import { describe, expect, it } from 'vitest';
import { bucketSpans, countIn, detailColumns } from './detail-columns.ts';
import { drawErrors, errorKinds } from './draw-errors.ts';
import { drawLatency } from './draw-latency.ts';

const boundsMs = Array.from({ length: 113 }, (_, i) => 10 ** (i / 12 - 3));
const group = {
  group: 'writers',
  ok: [10, 20, 0, 5],
  fail: [0, 0, 7],
  info: [],
  latencies: [[36, 9, 60, 1], [36, 20], [], [48, 5]],
  errors: [
    { error: 'timeout', counts: [1, 3, 2, 4] },
    { error: 'reset', counts: [2, 2] },
  ],
};
const detail = { bucketMs: 100, latencyBoundsMs: boundsMs, groups: [group] };
const whole = { fromMs: 0, toMs: 400 };

describe('columns', () => {
  it('have rates, and percentiles that are right to a class', () => {
    const [first, second, third] = detailColumns(group, detail, 400, whole);
    expect(first).toMatchObject({ fromMs: 0, toMs: 100, okPerSecond: 100, failPerSecond: 0 });
    expect(first?.p50).toBeGreaterThan(1);
    expect(first?.p50).toBeLessThan(1.22);
    expect(first?.p99).toBeGreaterThan(100);
    expect(second?.okPerSecond).toBe(200);
    expect(third).toMatchObject({ okPerSecond: 0, failPerSecond: 70, p50: null, max: null });
  });

  it('stay where they are when what is shown moves, and are at most 240 with one more at each edge', () => {
    const places = (fromMs: number) =>
      bucketSpans({ fromMs, toMs: fromMs + 5000 }, 10, 60_000, 1e6).map(({ from }) => from);
    expect(places(10_000).length).toBeLessThanOrEqual(242);
    const [one, other] = [places(10_000), places(10_017)];
    expect(other.filter((place) => !one.includes(place)).length).toBeLessThanOrEqual(1);
  });

  it('are wider where there is little to count, but no wider than 100 ms for that', () => {
    const width = (operations: number) => {
      const [span] = bucketSpans({ fromMs: 1000, toMs: 2000 }, 10, 10_000, operations);
      return (span?.to ?? 0) - (span?.from ?? 0);
    };
    expect([1e6, 1000, 1].map(width)).toEqual([1, 4, 10]);
  });
});

describe('pictures', () => {
  it('shade each class and column by how many there were', () => {
    const drawing = drawLatency(detailColumns(group, detail, 400, whole), boundsMs);
    const shades = (drawing?.paths ?? []).filter(({ className }) => className.startsWith('heat'));
    expect(shades).toHaveLength(5);
    const cells = shades.map(({ d }) => d.match(/M/g)?.length ?? 0);
    // Twenty of a class are the darkest, a single one is pale.
    expect(cells.reduce((a, b) => a + b, 0)).toBe(4);
    expect(shades[4]?.d).toMatch(/^M100 /);
    expect(shades[1]?.d).toMatch(/^M0 /);
    expect(drawing?.note).toBe('latency, 1–1\u202f000\u202fms, logarithmic');
  });

  it('are none without a success', () => {
    expect(
      drawLatency(detailColumns({ ...group, ok: [], latencies: [] }, detail, 400, whole), boundsMs),
    ).toBeNull();
  });

  it('stack errors by kind, the most frequent at the ground', () => {
    const { paths, note } = drawErrors(detail, 400, whole);
    expect(note).toBe('per second, top 60/s');
    expect(paths.map(({ d }) => d)).toEqual([
      'M100 100V52H200V100zM200 100V36H300V100z',
      'M200 36V4H300V36z',
    ]);
  });

  it('gather rare kinds', () => {
    const errors = Array.from({ length: 9 }, (_, i) => ({ error: `e${i}`, counts: [0, 20 - i] }));
    const kinds = errorKinds({
      ...detail,
      groups: [
        { ...group, errors },
        { ...group, errors: errors.slice(0, 1) },
      ],
    });
    expect(kinds.map(({ error, total }) => [error, total])).toEqual([
      ['e0', 40],
      ['e1', 19],
      ['e2', 18],
      ['e3', 17],
      ['e4', 16],
      ['e5', 15],
      [null, 14 + 13 + 12],
    ]);
    expect(countIn([1, 5, 3, 7], 1, 3)).toBe(5);
  });
});
