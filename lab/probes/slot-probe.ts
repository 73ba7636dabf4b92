import type { AddressBook } from '../mesh/address-book.ts';
import { infoOf } from '../topology/info.ts';
import { isAlive } from '../topology/sentinel-view.ts';
import type { TopologyNode } from '../topology/topology.ts';
import { clusterMembers } from './cluster-nodes.ts';
import type { NodeIds } from './node-ids.ts';
import type { RunClock } from './run-clock.ts';
import type { SlotViewLog } from './slot-view-log.ts';

/** A view is as many lines as there are nodes, so all of them together cost their square: asked less often, it stays flat. */
const MS_PER_NODE = 5;

/** Whether a node is one of a cluster, by its configuration. */
export function isClusterNode({ configuration }: Pick<TopologyNode, 'configuration'>): boolean {
  return /^\s*cluster-enabled\s+yes\s*$/m.test(configuration);
}

/**
 * Asks every node of a cluster for its view, past the mesh, every `everyMs` (of many nodes less often: every
 * 5 ms × their number at the least). Other nodes are left alone, and one that does not answer is not asked again meanwhile.
 */
export function slotProbe(
  nodes: readonly TopologyNode[],
  ids: NodeIds,
  book: AddressBook,
  clock: RunClock,
  everyMs: number,
  views: SlotViewLog,
): { stop(): void } {
  const asked = nodes.filter((node) => node.kind === 'redis' && isClusterNode(node));
  if (asked.length === 0) return { stop: () => {} };
  const asking = new Set<string>();
  const ask = async (node: TopologyNode) => {
    if (asking.has(node.name) || !isAlive(node)) return;
    asking.add(node.name);
    try {
      const [members, info] = await Promise.all([
        node.control.call('CLUSTER', 'NODES'),
        node.control.call('CLUSTER', 'INFO'),
      ]);
      const { cluster_state: state, cluster_current_epoch: epoch } = infoOf(String(info));
      views.told({
        at: clock.now(),
        node: node.name,
        state: state === 'ok' ? 'ok' : 'fail',
        epoch: Number(epoch ?? 0),
        members: clusterMembers(String(members), node.name, book, ids),
      });
    } catch {
      // It does not answer: its role timeline says so (role-timeline.ts).
    } finally {
      asking.delete(node.name);
    }
  };
  const timer = setInterval(
    () => {
      for (const node of asked) void ask(node);
    },
    Math.max(everyMs, MS_PER_NODE * asked.length),
  );
  return { stop: () => clearInterval(timer) };
}
