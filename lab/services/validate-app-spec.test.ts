import { expect, test } from 'vitest';
import { cluster } from '../topology/cluster.ts';
import { standalone } from '../topology/standalone.ts';
import { systems } from '../topology/systems.ts';
import type { Topology } from '../topology/topology.ts';
import type { AppSpec } from './app-spec.ts';
import { resolvedSettings, validateAppSpec } from './validate-app-spec.ts';

const sharded: AppSpec = { settings: { sessions: { invalidation: 'sharded' } } };
const validated = (spec: AppSpec, topology: Topology) => () => validateAppSpec(spec, topology.plan());

test('what only a cluster can do is taken where the role’s system is one', () => {
  const apart = systems({ sessions: cluster(), cache: standalone() });
  expect(validated(sharded, cluster())).not.toThrow();
  expect(validated(sharded, apart)).not.toThrow();
  expect(validated({ ...sharded, systems: { sessions: 'cache' } }, apart)).toThrow(
    'app.settings.sessions.invalidation: expected "pubsub" where redis.sessions is no cluster, got "sharded"',
  );
  expect(validated({ settings: { cache: { invalidation: 'sharded' } } }, apart)).toThrow(
    'app.settings.cache.invalidation: expected "pubsub"',
  );
});

test('and refused elsewhere, also of one instance alone', () => {
  expect(validated(sharded, standalone())).toThrow('app.settings.sessions.invalidation');
  const one: AppSpec = { instances: 2, settingsOf: { 'app-2': sharded.settings ?? {} } };
  expect(validated(one, standalone())).toThrow('app.settings.sessions.invalidation');
});

test('settings that were validated have the defaults, whatever the topology', () => {
  expect(resolvedSettings(sharded, 'app-1').sessions).toMatchObject({
    invalidation: 'sharded',
    store: 'plain',
  });
});
