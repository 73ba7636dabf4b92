import { expect, it } from 'vitest';
import { sentinel } from '../topology/sentinel.ts';
import { addToSet } from '../workload/spec.ts';
import { worldOf } from './planned-world.ts';
import type { Experiment } from './scenario.ts';

it('has each host once, however often it is named', () => {
  const experiment: Experiment = {
    topology: sentinel(),
    clientHosts: [{ name: 'client-1', zone: 'b' }],
    workloads: ['first', 'second'].map((name) => addToSet({ name, clients: 1, on: 'client-1' })),
    nemesis: { lines: [] },
    checks: [],
    expect: [],
  };
  const { hosts, clientHosts } = worldOf(experiment);
  expect(clientHosts).toEqual(['client-1']);
  expect(hosts.filter(({ name }) => name === 'client-1')).toEqual([{ name: 'client-1', zone: 'b' }]);
});
