import { expect, it } from 'vitest';
import { monotonicMs } from '../common/clock.ts';
import { until } from '../common/until.ts';
import type { RunningProcess } from '../hosts/host.ts';
import { NodeProcess } from './node-process.ts';
import type { NodeChange } from './topology.ts';

it('a start is told with the time at which it was begun, since the process may answer before anybody is told', async () => {
  const node = new NodeProcess('redis-1');
  const told: NodeChange[] = [];
  node.onChange((change) => told.push(change));
  expect(node.begin()).toBe(true);
  const afterwards = monotonicMs();
  await until(() => monotonicMs() > afterwards, { what: 'the clock to go on', withinMs: 1000, everyMs: 1 });
  const exited = Promise.resolve({ code: 0, signal: null });
  node.started({ name: 'redis-1', exit: null, exited } as RunningProcess, 'lost', true);
  await exited;
  expect(told.map(({ change }) => change)).toEqual(['started', 'ended']);
  const [start] = told;
  expect(start?.change === 'started' && start.begunMs).toBeLessThanOrEqual(afterwards);
  expect(node.begin()).toBe(false);
});
