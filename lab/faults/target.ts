import { LabError } from '../common/errors.ts';
import { withNearest } from '../common/nearest-name.ts';
import type { Host } from '../hosts/host.ts';
import { isAlive } from '../topology/sentinel-view.ts';
import { firstSystem } from '../topology/systems.ts';
import type { LabNode, RunningTopology, TopologyNode } from '../topology/topology.ts';
import { CLUSTER_ROLES, clusterNodesOf, replicasIn, shardNodesOf } from './cluster-target.ts';
import type { FaultSurface } from './fault.ts';

/**
 * Whom a fault hits, by role; resolved when the fault is injected. `primary`: the node that most Sentinels name, or
 * without Sentinels the one that says that it is one. `replicas`: the other running data nodes; `a replica`: one of
 * them, chosen by the seed. `sentinels` and `a sentinel` likewise. Of several systems the first one's primary and
 * replicas are meant; `… of NAME` are those of the system NAME, and `system:NAME` is all its nodes.
 * In a cluster `primaries` are the running owners of slots and `replicas` all that replicate one of them; `primary` is
 * the owner of slot 0; `primary of slot N` and `primary of key NAME` own that slot, or the key's, and `replicas of …`
 * and `a replica of …` are theirs, and `… of node NAME` those of that primary. `a majority of primaries` and
 * `a minority of primaries` are as few of the first and as many of the second as there can be, in order of their
 * slots, so that the second has the owner of the highest slot; together they are all primaries.
 * `apps`: the running instances of the application; `an app`: one of them. `database`: PostgreSQL. `clients`: the
 * hosts on which only clients run. `host:NAME`, `zone:NAME`, `node:NAME` name them. `everybody` is every host.
 */
export type Target =
  | 'primary'
  | 'replicas'
  | 'a replica'
  | 'sentinels'
  | 'a sentinel'
  | `${'primary' | 'replicas' | 'a replica' | 'sentinels' | 'a sentinel'} of ${string}`
  | 'primaries'
  | `${'a majority' | 'a minority'} of primaries`
  | `${'primaries' | 'a majority of primaries' | 'a minority of primaries'} of ${string}`
  | 'apps'
  | 'an app'
  | 'database'
  | 'clients'
  | 'everybody'
  | `system:${string}`
  | `node:${string}`
  | `host:${string}`
  | `zone:${string}`;

/** One target or several together. */
export type Targets = Target | readonly Target[];

/** The nodes that a target stands for now. LabError when there is none. */
export async function nodesOf(targets: Targets, surface: FaultSurface): Promise<LabNode[]> {
  const found = new Set<LabNode>();
  for (const target of listOf(targets)) {
    for (const node of await nodesOfOne(target, surface)) found.add(node);
  }
  if (found.size === 0) throw new LabError(`no node is ${inWords(targets)} now`);
  return [...found];
}

/** Those of them that speak Redis' protocol. LabError when there is another among them. */
export async function serversOf(targets: Targets, surface: FaultSurface): Promise<TopologyNode[]> {
  const nodes = await nodesOf(targets, surface);
  return nodes.map((node) => {
    const server = surface.topology.nodes.find((one) => one === node);
    if (server !== undefined) return server;
    throw new LabError(`expected Redis or Sentinel, got ${node.name}, which is ${WHAT[node.kind]}`);
  });
}

const WHAT = {
  redis: 'Redis',
  sentinel: 'a Sentinel',
  app: 'an instance of the application',
  postgres: 'PostgreSQL',
} as const;

/** Everything on these hosts that has a link. */
export function nodesOn(hosts: readonly Host[], surface: FaultSurface): LabNode[] {
  return allNodes(surface).filter((node) => hosts.includes(node.host));
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

/** "the primary", "host-1 and the replicas", "the system cache". */
export function inWords(targets: Targets): string {
  return listOf(targets)
    .map((target) => {
      if (target.startsWith('system:')) return `the system ${target.slice('system:'.length)}`;
      if (/^(node|host|zone):/.test(target)) return target.slice(target.indexOf(':') + 1);
      return /^(an? |everybody$)/.test(target) ? target : `the ${target}`;
    })
    .join(' and ');
}

function listOf(targets: Targets): readonly Target[] {
  return typeof targets === 'string' ? [targets] : targets;
}

async function nodesOfOne(target: Target, surface: FaultSurface): Promise<readonly LabNode[]> {
  const { topology, services, random } = surface;
  const apps = services.filter((node) => node.kind === 'app' && isAlive(node));
  switch (target) {
    case 'apps':
      return apps;
    case 'an app':
      return apps.length === 0 ? [] : [random.pick(apps)];
    case 'database':
      return services.filter((node) => node.kind === 'postgres');
    case 'everybody':
      return allNodes(surface);
    case 'clients':
      return [];
    // Every Sentinel, whichever system it watches.
    case 'sentinels':
    case 'a sentinel':
      return roleOf(target, topology, surface);
  }
  if (target.startsWith('node:')) return allNodes(surface).filter((node) => node.name === nameIn(target));
  if (target.startsWith('system:')) return systemOf(nameIn(target), topology).nodes;
  if (target.startsWith('host:') || target.startsWith('zone:'))
    return nodesOn(await hostsOfOne(target, surface), surface);
  const { role, of } = partsOf(target);
  if (CLUSTER_ROLES.includes(role)) return clusterNodesOf(role, systemOf(of, topology));
  const [, what = '', value = ''] = /^(slot|key|node) (.+)$/s.exec(of ?? '') ?? [];
  if (what !== '') return shardNodesOf(role, what, value, surface);
  return roleOf(role, systemOf(of, topology), surface);
}

/** `replicas of slot 7`: the role, and of what. */
export function partsOf(target: string): { role: string; of?: string } {
  const majority = CLUSTER_ROLES.find((role) => target === role || target.startsWith(`${role} of `));
  const role = majority ?? target.split(' of ')[0] ?? '';
  const of = target.slice(role.length + ' of '.length);
  return of === '' ? { role } : { role, of };
}

async function roleOf(
  role: string,
  system: RunningTopology,
  { random }: FaultSurface,
): Promise<readonly LabNode[]> {
  const { nodes } = system;
  if (role === 'sentinels' || role === 'a sentinel') {
    const sentinels = nodes.filter((node) => node.kind === 'sentinel' && isAlive(node));
    return role === 'sentinels' || sentinels.length === 0 ? sentinels : [random.pick(sentinels)];
  }
  if (system.cluster !== undefined && role !== 'primary') {
    const all = replicasIn(await system.cluster.slots(), system);
    return role === 'replicas' || all.length === 0 ? all : [random.pick(all)];
  }
  const primary = await system.primary();
  if (role === 'primary') return primary === null ? [] : [primary];
  const replicas = nodes.filter((node) => node.kind === 'redis' && node !== primary && isAlive(node));
  if (role === 'replicas' || replicas.length === 0) return replicas;
  return [random.pick(replicas)];
}

/** The system of this name; without a name the first, or the only one. LabError when there is none. */
export function systemOf(name: string | undefined, topology: RunningTopology): RunningTopology {
  if (name === undefined) return firstSystem(topology);
  const { systems } = topology;
  const system = systems.get(name);
  if (system !== undefined) return system;
  const names = [...systems.keys()];
  throw new LabError(withNearest(`no system is called ${JSON.stringify(name)}`, name, names));
}

function allNodes({ topology, services }: FaultSurface): LabNode[] {
  return [...topology.nodes, ...services];
}

/** What follows the colon. */
function nameIn(target: Target): string {
  return target.slice(target.indexOf(':') + 1);
}

async function hostsOfOne(target: Target, surface: FaultSurface): Promise<readonly Host[]> {
  const all = [...surface.hosts.values()];
  if (target === 'everybody') return all;
  if (target === 'clients') return all.filter((host) => surface.clientHosts.includes(host.name));
  if (target.startsWith('host:')) return all.filter((host) => host.name === nameIn(target));
  if (target.startsWith('zone:')) return all.filter((host) => host.zone === nameIn(target));
  return (await nodesOfOne(target, surface)).map((node) => node.host);
}
