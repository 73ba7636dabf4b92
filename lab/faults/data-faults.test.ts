import { expect, it } from 'vitest';
import { UsageError } from '../common/errors.ts';
import { casesInSandbox } from '../hosts/test-sandbox.ts';
import { faults } from './faults.ts';

it.each([
  [() => faults.exhaustConnections('primary', { connections: 0 }), /from 1 to 4000, got 0/],
  [() => faults.exhaustConnections('primary', { connections: 4001 }), /got 4001/],
  [
    () => faults.leakConnections('primary', { perSecond: 0, connections: 9 }),
    /perSecond: .* 1 to 1000, got 0/,
  ],
  [() => faults.leakConnections('primary', { perSecond: 9, connections: 0.5 }), /connections: .* got 0.5/],
  [
    () => faults.fill('primary', { megabytes: -1 }),
    /megabytes: expected a number above 0 and up to 1000, got -1/,
  ],
  [() => faults.fill('primary', { megabytes: 1, valueBytes: Number.NaN }), /valueBytes: .* got NaN/],
  [() => faults.fill('primary', { megabytes: 1, perSecond: 0 }), /perSecond: .* got 0/],
])('refuses what has no bounds: %s', (make, message) => {
  expect(make).toThrow(UsageError);
  expect(make).toThrow(message);
});

it('says in words what it will do', () => {
  const texts = [
    faults.flush('primary of cache'),
    faults.flushAsStranger(['system:cache', 'a replica']),
    faults.fill('node:cache-redis-1', { megabytes: 20 }),
    faults.exhaustConnections('primary', { from: 'an app', connections: 50 }),
    faults.setConfig('replicas of cache', { maxmemory: '5mb', save: '' }),
    faults.sentinelFailover({ system: 'sessions' }),
    faults.coordinatedFailover(),
    faults.cut({ from: 'apps', to: 'database' }),
  ].map((fault) => fault.text);
  expect(texts).toEqual([
    'empty the primary of cache (FLUSHALL)',
    'somebody on the clients sends FLUSHALL to the system cache and a replica without a password',
    'write 20 MB of keys spike:* to cache-redis-1',
    'open up to 50 idle connections from an app to the primary',
    'set maxmemory 5mb, save "" on the replicas of cache',
    'fail over sessions by hand (SENTINEL FAILOVER)',
    'fail over in a coordinated way (FAILOVER)',
    'cut the apps off the database',
  ]);
});

await casesInSandbox(new URL('./data-faults.cases.ts', import.meta.url));
