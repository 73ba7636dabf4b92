import { describe, expect, it } from 'vitest';
import type { LabEvent, Observations } from '../../../lab/history/observations.ts';
import { sampleObservations } from '../../data/sample-observations.ts';
import { decisionsOf } from './decisions.ts';
import { momentsOf } from './moments.ts';

function seen(...events: LabEvent[]): Observations {
  return { ...sampleObservations(), events, loadWindow: { from: 1000, to: 10_000 } };
}

function sdown(at: number, source: string, instance = 'master'): LabEvent {
  return { at, source, kind: '+sdown', text: `+sdown ${instance} lab`, data: { instance, node: 'redis-1' } };
}

function log(at: number, source: string, text: string): LabEvent {
  return { at, source, kind: 'resync', text };
}

function follows(at: number, source: string, primary: string): LabEvent {
  return { at, source, kind: 'replica-of', text: '', data: { primary } };
}

const texts = (observations: Observations) => decisionsOf(observations).map(({ text }) => text);

describe('decisionsOf', () => {
  it('makes one of what several Sentinels report within a second, and says who and how much later', () => {
    const told = decisionsOf(
      seen(sdown(2375, 'sentinel-3'), sdown(2000, 'sentinel-2'), sdown(5000, 'sentinel-1')),
    );
    expect(told).toEqual([
      {
        at: 2000,
        kind: '+sdown',
        text: 'a Sentinel takes the primary for down: redis-1',
        by: [
          { source: 'sentinel-2', laterMs: 0 },
          { source: 'sentinel-3', laterMs: 375 },
        ],
      },
      expect.objectContaining({ at: 5000, by: [{ source: 'sentinel-1', laterMs: 0 }] }),
    ]);
  });

  it('leaves out what happened before the load, and what Sentinels think of others than the primary', () => {
    expect(texts(seen(sdown(999, 'sentinel-2'), sdown(2000, 'sentinel-2', 'sentinel')))).toEqual([]);
  });

  it('says in few words who copies from whom, and leaves the details to the table', () => {
    const observations = seen(
      follows(500, 'redis-2', 'redis-1'),
      follows(2000, 'redis-1', 'redis-3'),
      log(2001, 'redis-3', 'Partial resynchronization not accepted: Replication ID mismatch (…)'),
      log(2002, 'redis-1', 'Full resync from master: 4f55fa:182282'),
      log(2003, 'redis-1', 'Discarding previously cached master state.'),
      log(2004, 'redis-1', 'MASTER <-> REPLICA sync: Flushing old data'),
      follows(2100, 'redis-2', 'redis-3'),
      log(2101, 'redis-2', 'Successful partial resynchronization with master.'),
    );
    expect(texts(observations)).toEqual([
      'redis-1 takes a full copy from redis-3 and throws its own data away',
      'redis-2 follows redis-3 without a full copy (partial resynchronisation)',
    ]);
  });

  it('names the replicas that do the same together', () => {
    const both = seen(
      follows(2000, 'redis-2', 'redis-1'),
      follows(2000, 'redis-3', 'redis-1'),
      log(2002, 'redis-2', 'Full resync from master: a:0'),
      log(2090, 'redis-3', 'Full resync from master: a:0'),
    );
    expect(texts(both)).toEqual([
      'redis-2, redis-3 take a full copy from redis-1 and throw their own data away',
    ]);
  });

  it('names the node that became primary and the one that is announced', () => {
    const data = { node: 'redis-1', newPrimary: 'redis-2' };
    const told = texts(
      seen(
        { at: 2000, source: 'redis-2', kind: 'promotion', text: 'MASTER MODE enabled' },
        { at: 2500, source: 'sentinel-1', kind: '+switch-master', text: '', data },
        { at: 2600, source: 'lab', kind: 'process', text: 'redis-1 starts', data: { node: 'redis-1' } },
      ),
    );
    expect(told).toEqual([
      'redis-2 has become primary',
      'the new primary is announced: redis-2',
      'redis-1 starts',
    ]);
  });
});

describe('momentsOf', () => {
  const decision = (at: number) => ({ at, kind: 'x', text: '', by: [] });

  it('keeps apart what can be told apart, and gathers what cannot', () => {
    const moments = momentsOf([1000, 1100, 3000, 3010].map(decision), 10_000);
    expect(moments.map(({ at, decisions }) => [at, decisions.length])).toEqual([
      [1000, 2],
      [3000, 2],
    ]);
  });

  it.each([5, 40, 2000])('needs three rows at most for %i decisions, and loses none', (n) => {
    const moments = momentsOf(
      Array.from({ length: n }, (_, i) => decision(1000 + i * 30)),
      10_000 + n * 30,
    );
    expect(Math.max(...moments.map(({ row }) => row))).toBeLessThanOrEqual(2);
    expect(moments.reduce((sum, { decisions }) => sum + decisions.length, 0)).toBe(n);
  });

  it('ends also for a run without length', () => {
    expect(momentsOf([0, 0, 0, 0, 0].map(decision), 0)).toHaveLength(1);
  });
});

it('tells what the nodes of a cluster decide, each thing once', () => {
  const event = (at: number, source: string, kind: string, data: LabEvent['data']): LabEvent => ({
    at,
    source,
    kind,
    text: '',
    data: data ?? {},
  });
  const events = [
    event(2000, 'redis-2', 'fail', { node: 'redis-1', by: 'quorum' }),
    event(2001, 'redis-3', 'fail', { node: 'redis-1', by: 'redis-2' }),
    event(2002, 'redis-2', 'cluster-state', { state: 'fail' }),
    event(2003, 'redis-3', 'cluster-state', { state: 'fail' }),
    event(2010, 'redis-3', 'cluster-state', { state: 'ok' }),
    event(2011, 'redis-3', 'cluster-state', { state: 'fail' }),
    event(2400, 'redis-4', 'election-started', { epoch: 7 }),
    event(2500, 'redis-2', 'cluster-state', { state: 'ok' }),
    event(2600, 'redis-2', 'vote', { node: 'redis-4', epoch: 7 }),
    event(2700, 'redis-2', 'fail-cleared', { node: 'redis-1' }),
    event(2800, 'redis-5', 'manual-failover', { step: 'accepted', forced: false }),
    event(2810, 'redis-5', 'manual-failover', { step: 'caught-up' }),
    event(2900, 'redis-6', 'replica-of', { primary: 'redis-1', orphaned: true }),
    event(3000, 'redis-5', 'failover-blocked', { why: 'Waiting the delay before I can start.' }),
    event(3100, 'redis-5', 'failover-blocked', { why: 'Disconnected from master for longer.' }),
  ];
  const seen = { ...sampleObservations(), events };
  expect(texts(seen)).toEqual([
    'redis-1 is declared failing (FAIL)',
    'the cluster is down (CLUSTERDOWN)',
    'the cluster is sound again',
    'the cluster is down (CLUSTERDOWN)',
    'redis-4 asks for votes in epoch 7',
    'the cluster is sound again',
    'redis-1 is no longer held for failing',
    'redis-5 was told to take over (CLUSTER FAILOVER)',
    'redis-6 moves to redis-1, which had no replica left',
    'redis-5 cannot take over: its data is too old (cluster-replica-validity-factor)',
  ]);
  expect(decisionsOf(seen)[1]?.by).toEqual([
    { source: 'redis-2', laterMs: 0 },
    { source: 'redis-3', laterMs: 1 },
  ]);
});
