import { expect, it } from 'vitest';
import { splitBrainSample } from '../../data/sample.ts';
import { sampleFault } from '../../data/sample-observations.ts';
import { axisOf } from './axis.ts';
import { reachOf } from './reach.ts';
import { reachLanes } from './reach-lanes.ts';

const sample = splitBrainSample();
const withFaults = (...faults: (typeof sampleFault)[]) => ({
  ...sample,
  seen: { ...sample.seen, faults },
});
const links = (...targets: string[]) => ({ ...sampleFault, targets });

it('says from which hosts a node could not be reached, from the proof to the heal', () => {
  const [first, second] = reachOf(withFaults(links('b→redis-1', 'c→redis-1', 'a→redis-2', 'a→redis-3')));
  const span = { from: sampleFault.provedAt, to: sampleFault.healedAt, how: 'cut' };
  expect(first).toEqual({ nodes: ['redis-1'], spans: [{ ...span, hosts: ['b', 'c'], isAll: true }] });
  expect(second).toEqual({ nodes: ['redis-2', 'redis-3'], spans: [{ ...span, hosts: ['a'], isAll: false }] });
});

it('follows faults that overlap, and keeps what they have in common in one piece', () => {
  const later = { ...links('c→redis-1'), provedAt: 5000, healedAt: 6000 };
  const [reach] = reachOf(withFaults(links('b→redis-1'), later));
  expect(reach?.spans.map(({ from, to, hosts }) => [from, to, hosts.join()])).toEqual([
    [sampleFault.provedAt, 5000, 'b'],
    [5000, 6000, 'b,c'],
    [6000, sampleFault.healedAt, 'b'],
  ]);
});

it('tells a delay from a cut', () => {
  const slow = { ...links('b→redis-1', 'c→redis-1'), name: 'latency' };
  const reach = reachOf(withFaults(slow));
  expect(reach[0]?.spans[0]).toMatchObject({ how: 'slowed', isAll: true });
  const { markup } = reachLanes({ axis: axisOf(sample.seen.durationMs), faults: [] }, reach);
  expect(markup).toContain('slowed from any other host');
  expect(markup).not.toContain('from no other host');
});

it('shows when a replica said that it had lost its primary, but not over a hole in the samples', () => {
  const lost = (from: number, to: number) => ({
    ...sample,
    seen: {
      ...sample.seen,
      faults: [],
      samples: sample.seen.samples
        .filter(({ node }) => node === 'redis-3')
        .map((each) => ({ ...each, linkUp: each.at < from || each.at >= to })),
    },
  });
  const [reach] = reachOf(lost(4000, 5000));
  expect(reach).toMatchObject({ nodes: ['redis-3'], spans: [{ from: 4000, to: 5000, how: 'replication' }] });
  const holed = lost(4000, 9000);
  holed.seen.samples = holed.seen.samples.filter(({ at }) => at <= 4400 || at >= 8000);
  expect(reachOf(holed)[0]?.spans.map(({ from, to }) => [from, to])).toEqual([
    [4000, 4400],
    [8000, 9000],
  ]);
});

it('is nothing where every node could be reached', () => {
  expect(reachOf(withFaults())).toEqual([]);
  expect(reachLanes({ axis: axisOf(1000), faults: [] }, []).markup).toBe('');
});
