import { describe, expect, it } from 'vitest';
import type { RunDocument } from '../../data/run-document.ts';
import { emptySample, labFailedSample, splitBrainSample } from '../../data/sample.ts';
import { clusterSample } from '../../data/sample-cluster.ts';
import { sceneOf } from './scene-of.ts';

/** The sample with hosts for its clients, links instead of a node as the fault's targets, and who answered whom. */
function splitBrain(): RunDocument {
  const whole = splitBrainSample();
  const links = (from: string, ...nodes: string[]) => nodes.map((node) => `${from}→${node}`);
  const targets = [
    ...['redis-2', 'sentinel-2', 'redis-3', 'sentinel-3'].flatMap((node) => links('a', node)),
    ...links('b', 'redis-1', 'sentinel-1'),
    ...links('c', 'redis-1', 'sentinel-1'),
  ];
  const buckets = Math.ceil(whole.durationMs / 100);
  const writes = (from: number, to: number) =>
    Array.from({ length: buckets }, (_, i) => (i * 100 >= from && i * 100 < to ? 5 : 0));
  const groups = whole.series.groups.map((group) => ({
    ...group,
    writesBy:
      group.group === 'beside'
        ? { 'redis-1': writes(1300, 9400), 'redis-2': writes(9800, 11_800) }
        : { 'redis-1': writes(1300, 3200), 'redis-2': writes(5300, 11_800) },
  }));
  const clients = { kind: 'clients' as const, address: '', configuration: '{}', log: '' };
  return {
    ...whole,
    hosts: whole.hosts.map((host) =>
      host.name === 'a'
        ? { ...host, processes: [...host.processes, 'clients-beside'] }
        : host.name === 'b'
          ? { ...host, processes: [...host.processes, 'clients-majority'] }
          : host,
    ),
    processes: [
      ...whole.processes,
      { ...clients, name: 'clients-beside', host: 'a' },
      { ...clients, name: 'clients-majority', host: 'b' },
    ],
    seen: { ...whole.seen, faults: whole.seen.faults.map((fault) => ({ ...fault, targets })) },
    series: { ...whole.series, groups },
  };
}

const momentAt = (document: RunDocument, at: number) =>
  sceneOf(document)?.moments.findLast((moment) => moment.at <= at);

describe('sceneOf', () => {
  it('shows a split brain: two primaries, each with its clients, and the Sentinels of two minds', () => {
    const moment = momentAt(splitBrain(), 6000);
    expect(moment?.parts['redis-1']).toMatchObject({ role: 'primary', text: 'primary · 2/3 Sentinels' });
    expect(moment?.parts['redis-2']).toMatchObject({ role: 'primary', text: 'primary · 1/3 Sentinels' });
    expect(moment?.parts.beside?.to).toEqual(['redis-1']);
    expect(moment?.parts.majority?.to).toEqual(['redis-2']);
    expect(moment?.sides).toEqual([['a'], ['b', 'c']]);
    expect(moment?.sentence).toBe(
      'redis-1 and redis-2 both believe to be primary; sentinel-1 and sentinel-3 name redis-1, sentinel-2 names redis-2; group beside writes to redis-1; group majority writes to redis-2; nothing passes between a and b and c.',
    );
    expect(moment?.decisive).toBe('two primaries at once');
  });

  it('has clients without success between the cut and the promotion', () => {
    const moment = momentAt(splitBrain(), 4000);
    expect(moment?.parts.majority).toMatchObject({ text: 'no success', troubled: true, to: [] });
    expect(moment?.decisive).toBe('isolate in force');
  });

  it('begins with the load, ends with nothing cut, and marks three to six decisive moments', () => {
    const moments = sceneOf(splitBrain())?.moments ?? [];
    expect(moments[0]).toMatchObject({ at: 1240, broken: [], decisive: 'before the fault' });
    expect(moments.at(-1)).toMatchObject({ broken: [], sides: [], decisive: 'from then on' });
    const decisive = moments.filter((moment) => moment.decisive !== null);
    expect(decisive.length).toBeGreaterThanOrEqual(3);
    expect(decisive.length).toBeLessThanOrEqual(6);
    for (const [i, { changes }] of moments.entries()) expect([i, changes.length > 0]).toEqual([i, true]);
  });

  it('tells who owns disputed slots of a cluster according to whom', () => {
    const cluster = clusterSample();
    const processes = cluster.seen.nodes.map((name, i) => ({
      name,
      kind: 'redis' as const,
      host: `host-${i}`,
      address: '',
      configuration: '',
      log: '',
    }));
    const hosts = processes.map(({ name, host }) => ({ name: host, zone: null, processes: [name] }));
    const texts = sceneOf({ ...cluster, hosts, processes })?.moments.map(({ sentence }) => sentence) ?? [];
    expect(
      texts.some((text) =>
        /slots 0–5460 belong to redis-1 according to itself, to redis-4 according to/.test(text),
      ),
    ).toBe(true);
  });

  it('knows older documents, in which nobody counted who answered whom', () => {
    expect(momentAt(splitBrainSample(), 6000)?.parts['redis-1']?.role).toBe('primary');
  });

  it('is nothing of a run in which nothing was seen', () => {
    expect(sceneOf(emptySample())).toBeNull();
    expect(sceneOf(labFailedSample())).toBeNull();
  });
});
