import { describe, expect, it } from 'vitest';
import { UsageError } from '../common/errors.ts';
import { casesInSandbox } from '../hosts/test-sandbox.ts';
import { configurationText, sentinelDirectives } from './directives.ts';
import { sentinel } from './sentinel.ts';
import type { SentinelOptions } from './sentinel-options.ts';

describe('a plan', () => {
  it('puts each data node on its own host and a Sentinel beside it', () => {
    const plan = sentinel().plan();
    expect(plan.text).toBe('1 primary, 2 replicas, 3 Sentinels (quorum 2)');
    expect(plan.hosts).toEqual([{ name: 'host-1' }, { name: 'host-2' }, { name: 'host-3' }]);
    expect(plan.nodes.map(({ name, host }) => `${name}@${host}`)).toEqual([
      'redis-1@host-1',
      'redis-2@host-2',
      'redis-3@host-3',
      'sentinel-1@host-1',
      'sentinel-2@host-2',
      'sentinel-3@host-3',
    ]);
  });

  it('follows the placement and makes zones', () => {
    const plan = sentinel({
      replicas: 1,
      sentinels: 1,
      placement: { 'redis-2': 'host-1', 'sentinel-1': 'watch' },
      zones: { east: ['host-1'], west: ['watch'] },
    }).plan();
    expect(plan.hosts).toEqual([
      { name: 'host-1', zone: 'east' },
      { name: 'watch', zone: 'west' },
    ]);
    expect(plan.nodes.map((node) => node.host)).toEqual(['host-1', 'host-1', 'watch']);
  });

  it('takes a majority as quorum by default', () => {
    const quorums = [1, 2, 3, 4, 5].map((sentinels) => sentinel({ sentinels }).plan().text);
    expect(quorums.map((text) => /quorum (\d)/.exec(text)?.[1])).toEqual(['1', '2', '2', '3', '3']);
  });

  it.each<[SentinelOptions, RegExp]>([
    [{ replicas: -1 }, /replicas: expected a whole number from 0 to 50, got -1/],
    [{ sentinels: 0 }, /sentinels: expected a whole number from 1/],
    [{ sentinels: 2.5 }, /sentinels: .*got 2.5/],
    [{ quorum: 0 }, /quorum: expected a whole number from 1/],
    [{ quorum: 4 }, /quorum: expected at most the number of sentinels \(3\), got 4/],
    [{ placement: { 'redis-4': 'host-1' } }, /placement: there is no node "redis-4".*"redis-\d"/],
    [{ nodes: { 'sentinel-9': {} } }, /nodes: there is no node "sentinel-9"/],
    [{ zones: { east: ['host-1'], west: ['host-1'] } }, /host-1 is in east and in west/],
    [{ zones: { east: ['hots-1'] } }, /zones: there is no host "hots-1"; did you mean "host-1"/],
  ])('refuses %j', (options, message) => {
    expect(() => sentinel(options)).toThrow(UsageError);
    expect(() => sentinel(options)).toThrow(message);
  });
});

describe('directives', () => {
  it('are overridden by later ones, repeated for lists, and quoted when empty', () => {
    const text = configurationText({ port: 1, save: '' }, { port: 2, 'rename-command': ['A B', 'C D'] });
    expect(text).toBe('port 2\nsave ""\nrename-command A B\nrename-command C D\n');
  });

  it('of Sentinel get their prefix and their group', () => {
    const lines = sentinelDirectives('lab', { 'parallel-syncs': 2, 'announce-ip': 'x', loglevel: 'verbose' });
    expect(lines).toEqual({
      'sentinel parallel-syncs lab': 2,
      'sentinel announce-ip': 'x',
      loglevel: 'verbose',
    });
  });
});

await casesInSandbox(new URL('./sentinel.cases.ts', import.meta.url));
