import { clientCredentials } from './access.ts';
import { birthOf, CLUSTER_FILE } from './cluster-birth.ts';
import { bringUp } from './cluster-bring-up.ts';
import { clusterDirectives } from './cluster-configuration.ts';
import type { ClusterOptions } from './cluster-options.ts';
import { type ClusterPlan, clusterPlan } from './cluster-plan.ts';
import { clusterReady, namedToClients } from './cluster-ready.ts';
import { ClusterView } from './cluster-view.ts';
import { dataNodes } from './data-nodes.ts';
import { REDIS_PORT } from './sentinel-options.ts';
import type { Timing } from './timing.ts';
import type { PlannedNode, RunningTopology, Topology, TopologyContext } from './topology.ts';

/**
 * A Redis Cluster: `redis-1` to `redis-P` are primaries at the start, the others replicate them in turn. Each node is
 * on a host of its own unless `hosts` or `placement` say otherwise, and its bus is a link like its first port. Throws
 * UsageError on fewer than three primaries, on more nodes than the hosts have room for, on slots that overlap or leave
 * holes, and on placements, zones or directives for nodes and hosts that do not exist.
 */
export function cluster(options: ClusterOptions = {}): Topology {
  const planned = clusterPlan(options);
  return {
    kind: 'cluster',
    plan: () => planned.plan,
    decidingMs: ({ nodeTimeoutMs }) => options.timing?.nodeTimeoutMs ?? nodeTimeoutMs,
    start: (context) => start(options, planned, context),
  };
}

async function start(
  options: ClusterOptions,
  { plan, shards }: ClusterPlan,
  context: TopologyContext,
): Promise<RunningTopology> {
  const { book } = context;
  const timing: Timing = { ...context.timing, ...options.timing };
  // Of several systems: their nodes' whole names begin with the system's.
  const prefix = book.node('redis-1').name.slice(0, -'redis-1'.length);
  const born = ({ name }: PlannedNode) => {
    const own = shards.find(({ primary, replicas }) => primary === name || replicas.includes(name));
    if (own === undefined) throw new RangeError(`${name} is in no shard`);
    return birthOf(book.node(name), prefix, own, shards);
  };
  const nodes = dataNodes(plan.nodes, options, timing, context, (node) => ({
    directives: clusterDirectives(book.node(node.name), timing),
    files: { [CLUSTER_FILE]: born(node) },
  }));
  context.onNodes?.(nodes);
  const view = new ClusterView(nodes, book);
  const topology: RunningTopology = {
    nodes,
    systems: new Map(),
    endpoint: {
      cluster: plan.nodes.map(({ name }) => ({ host: book.node(name).announced, port: REDIS_PORT })),
      ...clientCredentials(options.redis ?? {}),
    },
    primary: () => view.primary(),
    cluster: {
      slots: () => view.slots(),
      namedToClients: (withinMs) => namedToClients(view, withinMs, context.signal),
    },
    settled: (withinMs) => clusterReady(view, withinMs, context.signal),
    close: () => {
      for (const node of nodes) node.control.disconnect();
    },
  };
  try {
    const primaries = shards.flatMap((planned) => {
      const primary = nodes.find(({ name }) => name === prefix + planned.primary);
      return primary === undefined ? [] : [{ planned, primary }];
    });
    const leaveDiscovery = await bringUp(nodes, primaries, prefix, view);
    await clusterReady(view, 30_000, context.signal);
    await leaveDiscovery();
    return topology;
  } catch (error) {
    topology.close();
    throw error;
  }
}
