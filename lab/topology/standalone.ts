import { LabError, messageOf } from '../common/errors.ts';
import { until } from '../common/until.ts';
import { clientCredentials } from './access.ts';
import { attachReplicas, dataNodes } from './data-nodes.ts';
import { infoOf } from './info.ts';
import { count, numbered, type PlacementOptions, placed } from './placement.ts';
import { whatPrimaryLacks } from './primary-ready.ts';
import { REDIS_PORT } from './sentinel-options.ts';
import { isAlive } from './sentinel-view.ts';
import type { RunningTopology, Topology, TopologyContext, TopologyNode, TopologyPlan } from './topology.ts';

export interface StandaloneOptions extends PlacementOptions {
  /** Replicas, which nobody promotes. Default 0. */
  replicas?: number;
}

const WHO = 'standalone()';

/**
 * One server without Sentinels, `redis-1` on `host-1`, and replicas of it where they are asked for. Clients go to
 * `redis-1`, whatever becomes of it. Throws UsageError as `sentinel` does.
 */
export function standalone(options: StandaloneOptions = {}): Topology {
  const replicas = count(WHO, 'replicas', options.replicas ?? 0, 0);
  const plan: TopologyPlan = {
    text:
      replicas === 0
        ? '1 server'
        : `1 primary, ${replicas} ${replicas === 1 ? 'replica' : 'replicas'}, no Sentinels`,
    ...placed(WHO, numbered('redis', replicas + 1, REDIS_PORT), options),
  };
  return { kind: 'standalone', plan: () => plan, start: (context) => start(options, plan, context) };
}

async function start(
  options: StandaloneOptions,
  plan: TopologyPlan,
  context: TopologyContext,
): Promise<RunningTopology> {
  const nodes = dataNodes(plan.nodes, options, context.timing, context);
  context.onNodes?.(nodes);
  let last = nodes[0] ?? null;
  const primary = async () => {
    const primaries = await primariesOf(nodes);
    // While none answers (it is down, or hangs) or two claim it, the last one stays.
    if (last === null || (primaries.length > 0 && !primaries.includes(last))) last = primaries[0] ?? last;
    return last;
  };
  const topology: RunningTopology = {
    nodes,
    systems: new Map(),
    endpoint: {
      host: context.book.node('redis-1').announced,
      port: REDIS_PORT,
      ...clientCredentials(options.redis ?? {}),
    },
    primary,
    settled: (withinMs) => ready(nodes, primary, withinMs, context.signal),
    close: () => {
      for (const node of nodes) node.control.disconnect();
    },
  };
  try {
    await Promise.all(
      nodes.map(async (node) => {
        await node.start('kept');
        await node.accepting(10_000);
      }),
    );
    const restoreSync = await attachReplicas(nodes);
    await topology.settled(30_000);
    await restoreSync();
    return topology;
  } catch (error) {
    topology.close();
    throw error;
  }
}

/** The running nodes that say that they are primaries. */
async function primariesOf<Node extends TopologyNode>(nodes: readonly Node[]): Promise<Node[]> {
  const answers = await Promise.all(
    nodes.filter(isAlive).map(async (node) => {
      const info = infoOf(await node.control.info('replication').catch(() => ''));
      return info.role === 'master' ? [node] : [];
    }),
  );
  return answers.flat();
}

/** Waits until the primary accepts writes and the other running nodes follow it. LabError names what is missing. */
async function ready(
  nodes: readonly TopologyNode[],
  primaryOf: () => Promise<TopologyNode | null>,
  withinMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const names = nodes.map((node) => node.name).join(', ');
  let missing = `an answer of ${names}`;
  try {
    await until(
      async () => {
        const primary = await primaryOf();
        if (primary === null) return false;
        missing = `${primary.name} accepts commands`;
        const running = nodes.filter(isAlive);
        const lack = await whatPrimaryLacks(primary, running.filter((node) => node !== primary).length);
        missing = lack === '' ? missing : lack;
        return lack === '';
      },
      { what: names, withinMs, everyMs: 8, ...(signal ? { signal } : {}) },
    );
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new LabError(`${names} not whole within ${withinMs} ms: ${missing} (${messageOf(error)})`, {
      cause: error,
    });
  }
}
