import type { NodeAddress } from '../mesh/address-book.ts';
import { RedisNode } from './redis-node.ts';
import { redisConfiguration, sentinelConfiguration } from './sentinel-configuration.ts';
import { REDIS_PORT, SENTINEL_GROUP, SENTINEL_PORT, type SentinelOptions } from './sentinel-options.ts';
import { sentinelPlan } from './sentinel-plan.ts';
import { sentinelReady } from './sentinel-ready.ts';
import { SentinelView } from './sentinel-view.ts';
import type { Timing } from './timing.ts';
import type { RunningTopology, Topology, TopologyContext, TopologyPlan } from './topology.ts';

/**
 * One primary with replicas, watched by Sentinels. Throws UsageError on numbers that are no counts, and on
 * placements, zones or directives for nodes and hosts that do not exist.
 */
export function sentinel(options: SentinelOptions = {}): Topology {
  const plan = sentinelPlan(options);
  return {
    kind: 'sentinel',
    plan: () => plan,
    start: (context) => start(options, plan, context),
  };
}

async function start(
  options: SentinelOptions,
  plan: TopologyPlan,
  context: TopologyContext,
): Promise<RunningTopology> {
  const timing: Timing = { ...context.timing, ...options.timing };
  const make = (kind: 'redis' | 'sentinel', configuration: (address: NodeAddress) => string) =>
    plan.nodes
      .filter((node) => node.kind === kind)
      .map((node) => {
        const address = context.book.node(node.name);
        const host = context.hosts.get(node.host);
        if (host === undefined) throw new RangeError(`no host is called ${node.host}`);
        const { redisServer } = context.tools;
        const prepare = (one: RedisNode) =>
          setPeriods(one, kind === 'sentinel' ? timing.sentinelPeriods : {});
        return new RedisNode({
          kind,
          address,
          host,
          redisServer,
          configuration: configuration(address),
          prepare,
        });
      });
  const data = make('redis', (address) => redisConfiguration(address, options, timing));
  const primary = context.book.node(data[0]?.name ?? '');
  const sentinels = make('sentinel', (address) => sentinelConfiguration(address, primary, options, timing));
  const nodes = [...data, ...sentinels];
  context.onNodes?.(nodes);
  const view = new SentinelView(SENTINEL_GROUP, sentinels, data, context.book);
  const topology: RunningTopology = {
    nodes,
    systems: new Map(),
    endpoint: {
      group: SENTINEL_GROUP,
      sentinels: sentinels.map((node) => {
        const address = context.book.node(node.name);
        return { host: address.announced, port: SENTINEL_PORT };
      }),
    },
    primary: () => view.primary(),
    settled: (withinMs) => sentinelReady(view, withinMs, context.signal),
    close: () => {
      for (const node of nodes) node.control.disconnect();
    },
  };
  try {
    const leaveDiscovery = await bringUp(data, sentinels, timing, context);
    await sentinelReady(view, 30_000, context.signal);
    await leaveDiscovery();
    return topology;
  } catch (error) {
    topology.close();
    throw error;
  }
}

/**
 * Starts all processes side by side. A `REPLICAOF` sent at run time connects at once; one in the configuration
 * waits for the server's 1 s cron. Returns what has to be done when the group is ready.
 */
async function bringUp(
  data: readonly RedisNode[],
  sentinels: readonly RedisNode[],
  timing: Timing,
  context: TopologyContext,
): Promise<() => Promise<void>> {
  const started = async (node: RedisNode) => {
    await node.start('kept');
    await node.accepting(10_000);
  };
  await Promise.all([
    ...data.map(started),
    ...sentinels.map(async (node) => {
      await started(node);
      await setPeriods(node, timing.discoveryPeriods);
    }),
  ]);
  const [first, ...replicas] = data;
  if (first === undefined) return async () => {};
  const primary = context.book.node(first.name);
  const restoreSync = await withQuickSync(first);
  await Promise.all(
    replicas.map(async (node) => {
      await node.control.replicaof(primary.announced, REDIS_PORT);
      // So that a restart finds it in the file, as after any reconfiguration by a Sentinel.
      await node.control.config('REWRITE');
    }),
  );
  return async () => {
    await restoreSync();
    await Promise.all(sentinels.map((node) => setPeriods(node, timing.sentinelPeriods)));
  };
}

/**
 * Makes the first synchronisation, before any load, a quick one. A diskless one (the default) waits 5 s for more
 * replicas to come, and Redis 7.0 streams to a replica only after its first acknowledgement, up to 1 s later,
 * although INFO counts it as online. Returns what restores the settings.
 */
async function withQuickSync({ control }: RedisNode): Promise<() => Promise<void>> {
  const name = 'repl-diskless-sync';
  const [, diskless = ''] = (await control.config('GET', name)) as string[];
  await control.config('SET', name, 'no');
  return async () => void (await control.config('SET', name, diskless));
}

async function setPeriods(node: RedisNode, periods: Readonly<Record<string, number>>): Promise<void> {
  const settings = Object.entries(periods).flatMap(([name, ms]) => [name, String(ms)]);
  if (settings.length > 0) await node.control.call('SENTINEL', 'DEBUG', ...settings);
}
