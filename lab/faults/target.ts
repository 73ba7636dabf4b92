import { LabError } from '../common/errors.ts';
import type { Host } from '../hosts/host.ts';
import { isAlive } from '../topology/sentinel-view.ts';
import type { TopologyNode } from '../topology/topology.ts';
import type { FaultSurface } from './fault.ts';

/**
 * Whom a fault hits, by role; resolved when the fault is injected. `primary`: the node that most Sentinels name.
 * `replicas`: the other running data nodes; `a replica`: one of them, chosen by the seed. `sentinels` and
 * `a sentinel` likewise. `clients`: the hosts on which only clients run. `host:NAME`, `zone:NAME`, `node:NAME`
 * name them. `everybody` is every host.
 */
export type Target =
  | 'primary'
  | 'replicas'
  | 'a replica'
  | 'sentinels'
  | 'a sentinel'
  | 'clients'
  | 'everybody'
  | `node:${string}`
  | `host:${string}`
  | `zone:${string}`;

/** One target or several together. */
export type Targets = Target | readonly Target[];

/** The nodes that a target stands for now. LabError when there is none. */
export async function nodesOf(targets: Targets, surface: FaultSurface): Promise<TopologyNode[]> {
  const found = new Set<TopologyNode>();
  for (const target of listOf(targets)) {
    for (const node of await nodesOfOne(target, surface)) found.add(node);
  }
  if (found.size === 0) throw new LabError(`no node is ${inWords(targets)} now`);
  return [...found];
}

/** The hosts that a target stands for now: its nodes' hosts, or the hosts it names. LabError when there is none. */
export async function hostsOf(targets: Targets, surface: FaultSurface): Promise<Host[]> {
  const found = new Set<Host>();
  for (const target of listOf(targets)) {
    for (const host of await hostsOfOne(target, surface)) found.add(host);
  }
  if (found.size === 0) throw new LabError(`no host is ${inWords(targets)} now`);
  return [...found];
}

/** "the primary", "host-1 and the replicas". */
export function inWords(targets: Targets): string {
  return listOf(targets)
    .map((target) => {
      if (target.includes(':')) return target.slice(target.indexOf(':') + 1);
      return /^(a |everybody$)/.test(target) ? target : `the ${target}`;
    })
    .join(' and ');
}

function listOf(targets: Targets): readonly Target[] {
  return typeof targets === 'string' ? [targets] : targets;
}

async function nodesOfOne(target: Target, surface: FaultSurface): Promise<TopologyNode[]> {
  const { nodes } = surface.topology;
  const sentinels = nodes.filter((node) => node.kind === 'sentinel' && isAlive(node));
  switch (target) {
    case 'primary': {
      const primary = await surface.topology.primary();
      return primary === null ? [] : [primary];
    }
    case 'replicas':
    case 'a replica': {
      const primary = await surface.topology.primary();
      const replicas = nodes.filter((node) => node.kind === 'redis' && node !== primary && isAlive(node));
      return target === 'replicas' || replicas.length === 0 ? replicas : [surface.random.pick(replicas)];
    }
    case 'sentinels':
      return sentinels;
    case 'a sentinel':
      return sentinels.length === 0 ? [] : [surface.random.pick(sentinels)];
    case 'everybody':
      return [...nodes];
    case 'clients':
      return [];
  }
  const name = target.slice(5);
  if (target.startsWith('node:')) return nodes.filter((node) => node.name === name);
  const hosts = await hostsOfOne(target, surface);
  return nodes.filter((node) => hosts.includes(node.host));
}

async function hostsOfOne(target: Target, surface: FaultSurface): Promise<Host[]> {
  const all = [...surface.hosts.values()];
  if (target === 'everybody') return all;
  if (target === 'clients') return all.filter((host) => surface.clientHosts.includes(host.name));
  if (target.startsWith('host:')) return all.filter((host) => host.name === target.slice(5));
  if (target.startsWith('zone:')) return all.filter((host) => host.zone === target.slice(5));
  return (await nodesOfOne(target, surface)).map((node) => node.host);
}
