import { describe, expect, it } from 'vitest';
import { collectFindings } from './findings.ts';
import { histogram } from './histogram.ts';

function offerAll(times: readonly number[], limit: number, cause = 'a') {
  const findings = collectFindings(limit);
  let made = 0;
  for (const at of times)
    findings.offer(at, cause, () => {
      made++;
      return { at, kind: 'lost', cause, text: '' };
    });
  return { findings, made: () => made };
}

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

describe('collectFindings', () => {
  it('keeps everything, oldest first, as long as there is room', () => {
    const { findings } = offerAll([3, 1, 2], 3);
    expect(findings.list().map(({ at }) => at)).toEqual([1, 2, 3]);
  });

  it.each([11, 19, 20, 21, 1000, 99_999])('spreads ten over %i, the first and the last among them', (n) => {
    const { findings, made } = offerAll(upTo(n), 10);
    const times = findings.list().map(({ at }) => at);
    expect(made()).toBe(10);
    expect(times).toHaveLength(10);
    expect([times[0], times.at(-1)]).toEqual([0, n - 1]);
    const gaps = times.slice(1).map((at, i) => at - (times[i] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(Math.ceil(n / 9) * 2);
    // The newest is kept in any case, and may stand close behind the last one that was chosen.
    expect(Math.min(...gaps.slice(0, -1))).toBeGreaterThanOrEqual(Math.floor(n / 9 / 3));
  });

  it('keeps the first and the last also when they do not come first and last', () => {
    const { findings } = offerAll([500, 0, ...upTo(5000).map((at) => at + 1000), 9999, 700, 701], 10);
    const times = findings.list().map(({ at }) => at);
    expect([times[0], times.at(-1)]).toEqual([0, 9999]);
  });

  it('chooses the same of the same', () => {
    const list = () => offerAll(upTo(777), 10).findings.list();
    expect(list()).toEqual(list());
  });

  it('is fair to a rare cause', () => {
    const { findings } = offerAll(upTo(1000), 10);
    for (const at of [5, 6]) findings.offer(at, 'b', () => ({ at, kind: 'lost', cause: 'b', text: '' }));
    expect(findings.list().filter(({ cause }) => cause === 'b')).toHaveLength(2);
    expect(findings.list()).toHaveLength(10);
  });

  it('counts all of them in time, by kind and cause', () => {
    const { findings } = offerAll(upTo(1000), 10);
    findings.offer(120, 'c-1', () => ({ at: 120, kind: 'outage', text: '' }));
    findings.offer(70, 'c-2', () => ({ at: 70, kind: 'outage', text: '' }));
    expect(findings.marks()).toEqual([
      { kind: 'lost', cause: 'a', bucketMs: 50, counts: new Array(20).fill(50) },
      { kind: 'outage', cause: null, bucketMs: 50, counts: [0, 1, 1] },
    ]);
  });
});

describe('histogram', () => {
  it('doubles its buckets as time goes on, and loses none', () => {
    const counts = histogram();
    for (let at = 0; at < 100_000; at += 100) counts.add('x', at);
    counts.add('early', 10);
    const { bucketMs, of } = counts.read();
    expect(bucketMs).toBe(800);
    expect(of('x')).toEqual(new Array(125).fill(8));
    expect(of('early')).toEqual([1]);
    expect(of('nobody')).toEqual([]);
  });
});
