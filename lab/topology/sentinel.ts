import { real } from '../common/lab-speed.ts';
import { clientCredentials } from './access.ts';
import { attachReplicas, dataNodes, hostOf } from './data-nodes.ts';
import { RedisNode } from './redis-node.ts';
import { sentinelConfiguration } from './sentinel-configuration.ts';
import { SENTINEL_GROUP, SENTINEL_PORT, type SentinelOptions } from './sentinel-options.ts';
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
    decidingMs: ({ downAfterMs }) => options.timing?.downAfterMs ?? downAfterMs,
    start: (context) => start(options, plan, context),
  };
}

async function start(
  options: SentinelOptions,
  plan: TopologyPlan,
  context: TopologyContext,
): Promise<RunningTopology> {
  const { book, hosts, tools } = context;
  const timing: Timing = { ...context.timing, ...options.timing };
  const data = dataNodes(plan.nodes, options, timing, context);
  const watchers = plan.nodes.filter((node) => node.kind === 'sentinel');
  const primary = book.node('redis-1');
  const sentinels = watchers.map((node) => {
    const address = book.node(node.name);
    const own = options.nodes?.[node.name] ?? {};
    return new RedisNode({
      kind: 'sentinel',
      address,
      host: hostOf(node, hosts),
      redisServer: tools.redisServer,
      configuration: sentinelConfiguration(address, primary, options, own, timing),
      prepare: (one) => setPeriods(one, timing.sentinelPeriods, context),
    });
  });
  const nodes = [...data, ...sentinels];
  context.onNodes?.(nodes);
  const view = new SentinelView(SENTINEL_GROUP, sentinels, data, book);
  const topology: RunningTopology = {
    nodes,
    systems: new Map(),
    endpoint: {
      group: SENTINEL_GROUP,
      sentinels: watchers.map((node) => ({ host: book.node(node.name).announced, port: SENTINEL_PORT })),
      ...clientCredentials(options.redis ?? {}),
    },
    primary: () => view.primary(),
    settled: (withinMs) => sentinelReady(view, withinMs, context.signal),
    close: () => {
      for (const node of nodes) node.control.disconnect();
    },
  };
  try {
    const leaveDiscovery = await bringUp(data, sentinels, timing, context);
    await sentinelReady(view, real(30_000), context.signal);
    await leaveDiscovery();
    return topology;
  } catch (error) {
    topology.close();
    throw error;
  }
}

/** Starts all processes side by side. Returns what has to be done when the group is ready. */
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
      await setPeriods(node, timing.discoveryPeriods, context);
    }),
  ]);
  const restoreSync = await attachReplicas(data);
  return async () => {
    await restoreSync();
    await Promise.all(sentinels.map((node) => setPeriods(node, timing.sentinelPeriods, context)));
  };
}

/** A Sentinel that knows no SENTINEL DEBUG, or may not be asked for it, keeps its stock periods. */
async function setPeriods(
  node: RedisNode,
  periods: Readonly<Record<string, number>>,
  { note, timing }: TopologyContext,
): Promise<void> {
  const settings = Object.entries(periods).flatMap(([name, ms]) => [name, String(ms)]);
  if (settings.length === 0) return;
  try {
    await node.control.call('SENTINEL', 'DEBUG', ...settings);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ReplyError')) throw error;
    const late =
      timing.name === 'production' ? '' : '; claims are held to the fast timing’s bounds all the same';
    note?.(`no SENTINEL DEBUG (${error.message}): Sentinels keep their stock periods${late}`);
  }
}
