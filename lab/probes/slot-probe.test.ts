import { Redis } from 'ioredis';
import { afterAll, expect, it } from 'vitest';
import { until } from '../common/until.ts';
import { casesInSandbox } from '../hosts/test-sandbox.ts';
import { addressBook } from '../mesh/address-book.ts';
import type { TopologyNode } from '../topology/topology.ts';
import { TestServers } from '../workload/test-servers.ts';
import { nodeIds } from './node-ids.ts';
import { runClock } from './run-clock.ts';
import { isClusterNode, slotProbe } from './slot-probe.ts';
import { slotViewLog } from './slot-view-log.ts';

await casesInSandbox(new URL('./slot-probe.cases.ts', import.meta.url));

const servers = new TestServers();
const controls: Redis[] = [];
afterAll(async () => {
  for (const control of controls) control.disconnect();
  await servers.end();
});

/** A server with what the probe looks at; `configuration` decides whether it is asked. */
async function node(name: string, configuration: string, ...args: string[]): Promise<TopologyNode> {
  const server = await servers.redis(...args);
  const control = new Redis({ host: server.host, port: server.port });
  controls.push(control);
  return { name, kind: 'redis', configuration, control, process: { exit: null } } as unknown as TopologyNode;
}

it('asks the nodes of a cluster alone, and keeps changes', async () => {
  const file = (name: string) => ['--cluster-enabled', 'yes', '--cluster-config-file', `${name}.conf`];
  const first = await node('redis-1', 'port 1\ncluster-enabled yes\n', ...file('one'));
  const alone = await node('other', 'port 1\ncluster-enabled no\n');
  expect([isClusterNode(first), isClusterNode(alone)]).toEqual([true, false]);
  const views = slotViewLog();
  const last = () => views.all(Number.POSITIVE_INFINITY)?.views.at(-1);
  const probe = slotProbe([first, alone], nodeIds(), addressBook([]), runClock(), 5, views);
  try {
    await until(async () => last()?.state === 'fail', { what: 'a view', withinMs: 3000 });
    await first.control.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16383);
    await until(async () => last()?.state === 'ok', { what: 'a view of state ok', withinMs: 5000 });
  } finally {
    probe.stop();
  }
  const all = views.all(Number.POSITIVE_INFINITY);
  expect(all?.members.at(-1)).toMatchObject({ node: 'redis-1', role: 'primary', slots: '0-16383' });
  expect(new Set(all?.views.map((view) => view.node))).toEqual(new Set(['redis-1']));
  // Nothing, all slots, all slots and the state: the many answers between are not kept.
  expect(all?.views.length).toBeLessThanOrEqual(3);
  expect((await alone.control.info('commandstats')).includes('cmdstat_cluster')).toBe(false);
});
