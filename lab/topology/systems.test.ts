import { expect, it } from 'vitest';
import { UsageError } from '../common/errors.ts';
import { casesInSandbox } from '../hosts/test-sandbox.ts';
import { sentinel } from './sentinel.ts';
import { standalone } from './standalone.ts';
import { systems } from './systems.ts';

const small = () => sentinel({ replicas: 0, sentinels: 1 });

it('puts each system on hosts of its own', () => {
  const plan = systems({ sessions: sentinel(), cache: standalone() }).plan();
  expect(plan.text).toBe('sessions: 1 primary, 2 replicas, 3 Sentinels (quorum 2); cache: 1 server');
  expect(plan.hosts.map((host) => host.name)).toEqual([
    'sessions-host-1',
    'sessions-host-2',
    'sessions-host-3',
    'cache-host-1',
  ]);
  expect(plan.nodes.at(-1)).toEqual({
    name: 'cache-redis-1',
    kind: 'redis',
    host: 'cache-host-1',
    ports: { client: 6379 },
  });
});

it('puts them on the same hosts where that is asked for, and joins their zones', () => {
  const parts = { a: standalone({ zones: { east: ['host-1'] } }), b: standalone({ replicas: 1 }) };
  const plan = systems(parts, { shareHosts: true }).plan();
  expect(plan.hosts).toEqual([{ name: 'host-1', zone: 'east' }, { name: 'host-2' }]);
  expect(plan.nodes.map((node) => `${node.name}@${node.host}`)).toEqual([
    'a-redis-1@host-1',
    'b-redis-1@host-1',
    'b-redis-2@host-2',
  ]);
});

it.each([
  ['no system', () => systems({}), /expected at least one system, got none/],
  ['a name that is none', () => systems({ 'My cache': small() }), /kebab-case names, got "My cache"/],
  [
    'systems of systems',
    () => systems({ a: systems({ b: small() }) }),
    /a: expected one system, got several/,
  ],
  [
    'a host in two zones',
    () =>
      systems(
        {
          a: standalone({ zones: { east: ['host-1'] } }),
          b: standalone({ zones: { west: ['host-1'] } }),
        },
        { shareHosts: true },
      ),
    /host-1 is in east and in west/,
  ],
])('refuses %s', (_, make, message) => {
  expect(make).toThrow(UsageError);
  expect(make).toThrow(message);
});

await casesInSandbox(new URL('./systems.cases.ts', import.meta.url));
