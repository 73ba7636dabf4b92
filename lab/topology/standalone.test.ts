import { expect, it } from 'vitest';
import { UsageError } from '../common/errors.ts';
import { casesInSandbox } from '../hosts/test-sandbox.ts';
import { type StandaloneOptions, standalone } from './standalone.ts';

it('says what it is and where it is', () => {
  expect(standalone().plan()).toEqual({
    text: '1 server',
    hosts: [{ name: 'host-1' }],
    nodes: [{ name: 'redis-1', kind: 'redis', host: 'host-1', ports: { client: 6379 } }],
  });
  const plan = standalone({ replicas: 1, placement: { 'redis-2': 'far' }, zones: { east: ['far'] } }).plan();
  expect(plan.text).toBe('1 primary, 1 replica, no Sentinels');
  expect(plan.hosts).toEqual([{ name: 'host-1' }, { name: 'far', zone: 'east' }]);
});

it.each<[StandaloneOptions, RegExp]>([
  [{ replicas: -1 }, /standalone\(\): replicas: expected a whole number from 0 to 50, got -1/],
  [{ nodes: { 'redis-2': {} } }, /standalone\(\): nodes: there is no node "redis-2"/],
  [{ redis: { aclfile: 'users.acl' } }, /aclfile: expected user directives/],
])('refuses %j', (options, message) => {
  expect(() => standalone(options)).toThrow(UsageError);
  expect(() => standalone(options)).toThrow(message);
});

await casesInSandbox(new URL('./standalone.cases.ts', import.meta.url));
