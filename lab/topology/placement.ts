import { UsageError } from '../common/errors.ts';
import { withNearest } from '../common/nearest-name.ts';
import { accessDirectives } from './access.ts';
import type { Directives } from './directives.ts';
import type { PlannedNode, TopologyPlan } from './topology.ts';

/** Options that every topology of servers has, with the same meaning. */
export interface PlacementOptions {
  /**
   * Which node runs on which host, by name: `{ 'redis-2': 'host-1' }`. Data nodes are `redis-1` (the first primary),
   * `redis-2`, …; Sentinels `sentinel-1`, …. Default: `redis-N` on `host-N`, `sentinel-N` beside it.
   */
  placement?: Readonly<Record<string, string>>;
  /** Named groups of the nodes' hosts: `{ east: ['host-1'], west: ['host-2', 'host-3'] }`. */
  zones?: Readonly<Record<string, readonly string[]>>;
  /** redis.conf directives for all data nodes. */
  redis?: Directives;
  /** Directives for one node, over those for all: `{ 'redis-2': { 'replica-priority': 0 } }`. */
  nodes?: Readonly<Record<string, Directives>>;
}

/**
 * Puts nodes on hosts and hosts into zones. `who` begins the messages: `sentinel()`. Throws UsageError on a node or
 * host that does not exist, and on a host in two zones.
 */
export function placed(
  who: string,
  nodes: readonly Omit<PlannedNode, 'host'>[],
  options: PlacementOptions,
): Pick<TopologyPlan, 'hosts' | 'nodes'> {
  // Throws on what the lab cannot let itself in with; at the start it would be late.
  for (const node of nodes) accessDirectives({ ...options.redis, ...options.nodes?.[node.name] });
  const place = (name: string) => options.placement?.[name] ?? `host-${name.split('-')[1]}`;
  const onHosts = nodes.map((node) => ({ ...node, host: place(node.name) }));
  const hostNames = [...new Set(onHosts.map((node) => node.host))];
  const nodeNames = nodes.map((node) => node.name);
  known(who, 'placement', 'node', Object.keys(options.placement ?? {}), nodeNames);
  known(who, 'nodes', 'node', Object.keys(options.nodes ?? {}), nodeNames);
  known(who, 'zones', 'host', Object.values(options.zones ?? {}).flat(), hostNames);
  const zoneOf = new Map<string, string>();
  for (const [zone, members] of Object.entries(options.zones ?? {})) {
    for (const member of members) {
      const other = zoneOf.get(member);
      if (other !== undefined) {
        throw new UsageError(`${who}: zones: ${member} is in ${other} and in ${zone}; a host has one zone`);
      }
      zoneOf.set(member, zone);
    }
  }
  return {
    hosts: hostNames.map((name) => {
      const zone = zoneOf.get(name);
      return zone === undefined ? { name } : { name, zone };
    }),
    nodes: onHosts,
  };
}

/** `redis-1`, `redis-2`, …, or Sentinels likewise. */
export function numbered(
  kind: 'redis' | 'sentinel',
  length: number,
  port: number,
): Omit<PlannedNode, 'host'>[] {
  return Array.from({ length }, (_, i) => ({ name: `${kind}-${i + 1}`, kind, ports: { client: port } }));
}

/** A whole number from `least` to 50, or UsageError. */
export function count(who: string, name: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least && value <= 50) return value;
  throw new UsageError(`${who}: ${name}: expected a whole number from ${least} to 50, got ${value}`);
}

function known(
  who: string,
  where: string,
  what: string,
  names: readonly string[],
  all: readonly string[],
): void {
  for (const name of names) {
    if (all.includes(name)) continue;
    const message = `${who}: ${where}: there is no ${what} ${JSON.stringify(name)}`;
    throw new UsageError(withNearest(message, name, all));
  }
}
