import type { PlannedNode, TopologyPlan } from './topology.ts';

export type SystemKind = 'cluster' | 'sentinel' | 'standalone';

/** One of the systems that a plan consists of. */
export interface PlannedSystem {
  /** Null for a topology that is a single system. */
  name: string | null;
  kind: SystemKind;
  nodes: readonly PlannedNode[];
}

/** The systems of a plan, the first one first. */
export function systemsIn({ nodes, systems }: TopologyPlan): PlannedSystem[] {
  if (systems === undefined) return [{ name: null, kind: kindOf(nodes), nodes }];
  return systems.map((name) => {
    // A system's name may begin with another's: `shop` and `shop-cache`.
    const own = nodes.filter(
      (node) =>
        node.name.startsWith(`${name}-`) && /^(redis|sentinel)-\d+$/.test(node.name.slice(name.length + 1)),
    );
    return { name, kind: kindOf(own), nodes: own };
  });
}

/** Only a cluster's nodes have a bus, and only Sentinels watch a group. */
function kindOf(nodes: readonly PlannedNode[]): SystemKind {
  if (nodes.some(({ ports }) => ports.bus !== undefined)) return 'cluster';
  return nodes.some(({ kind }) => kind === 'sentinel') ? 'sentinel' : 'standalone';
}
