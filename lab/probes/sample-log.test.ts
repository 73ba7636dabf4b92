import { expect, it } from 'vitest';
import type { NodeSample } from '../history/observations.ts';
import { sampleLog } from './sample-log.ts';

const sample = (node: string, at: number): NodeSample => ({
  at,
  node,
  role: 'primary',
  offset: 0,
  ackedOffset: null,
  replicas: 0,
  linkUp: null,
  primary: null,
  info: {},
});

it('keeps everything unless told', () => {
  const log = sampleLog();
  for (let at = 0; at < 1000; at++) log.add(sample('a', at));
  expect(log.all).toHaveLength(1000);
});

it('keeps so many at most, of each node, in order, and what is recent more finely', () => {
  const log = sampleLog(100);
  for (let at = 0; at < 10_000; at++) log.add(sample(at % 2 === 0 ? 'a' : 'b', at));
  expect(log.all.length).toBeLessThanOrEqual(100);
  for (const node of ['a', 'b']) {
    const times = log.all.filter((one) => one.node === node).map(({ at }) => at);
    expect(times.length).toBeGreaterThanOrEqual(20);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeLessThan(2);
    const gaps = times.slice(1).map((at, i) => at - (times[i] ?? 0));
    expect(gaps.at(-1)).toBeLessThan(gaps[0] ?? 0);
  }
});
