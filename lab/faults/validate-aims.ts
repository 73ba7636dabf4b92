import { UsageError } from '../common/errors.ts';
import { SLOT_COUNT } from '../common/key-slot.ts';
import { withNearest } from '../common/nearest-name.ts';
import { type PlannedSystem, systemsIn } from '../topology/systems-in.ts';
import type { PlannedNode, TopologyPlan } from '../topology/topology.ts';
import { CLUSTER_ROLES } from './cluster-target.ts';
import type { Fault } from './fault.ts';
import { partsOf, type Target } from './target.ts';

/** What there will be in a run, as far as its plan says. */
export interface PlannedWorld {
  topology: TopologyPlan;
  /** Instances of the application and its database. */
  services: readonly PlannedNode[];
  hosts: readonly { name: string; zone?: string }[];
  /** Names of the hosts on which only clients run. */
  clientHosts: readonly string[];
}

const ROLES = ['primary', 'replicas', 'a replica', 'sentinels', 'a sentinel'];
const WORDS = ['apps', 'an app', 'database', 'clients', 'everybody'];

/**
 * Refuses a fault that this world has nothing for: a name or role that nobody has, a slot that does not exist, an order
 * that only another kind of system understands. Throws UsageError. Whether a role has anybody at the moment of the fault
 * is seen then.
 */
export function validateAims({ name, aims = [], only }: Fault, world: PlannedWorld): void {
  const systems = systemsIn(world.topology);
  if (only !== undefined) {
    const { kinds, of } = only;
    // Orders to Sentinels go to the first system; those to a cluster find it.
    const asked =
      of === undefined && !kinds.includes('cluster') ? systems.slice(0, 1) : named(name, of, systems);
    if (!asked.some(({ kind }) => kinds.includes(kind))) throw notFor(name, kinds, asked);
  }
  for (const target of aims.flat()) validateTarget(`${name}: target`, target, world, systems);
}

function validateTarget(
  where: string,
  target: Target,
  world: PlannedWorld,
  systems: readonly PlannedSystem[],
): void {
  const [, kind = '', wanted = ''] = /^(node|host|zone|system):(.*)$/s.exec(target) ?? [];
  // `redis-1` instead of `node:redis-1`.
  const bare = ['node', 'host', 'zone', 'system'].find((one) => namesOf(one, world).includes(target));
  if (bare !== undefined)
    throw new UsageError(
      `${where}: there is no role ${JSON.stringify(target)}; did you mean "${bare}:${target}"?`,
    );
  if (WORDS.includes(target)) validateWord(where, target, world);
  else if (kind !== '') known(`${where}: there is no ${kind}`, wanted, namesOf(kind, world));
  else validateRole(where, target, systems);
}

/** Every node, host, zone or system. */
function namesOf(kind: string, { topology, services, hosts }: PlannedWorld): string[] {
  if (kind === 'node') return [...topology.nodes, ...services].map(({ name }) => name);
  if (kind === 'host') return hosts.map(({ name }) => name);
  if (kind === 'zone') return [...new Set(hosts.flatMap(({ zone }) => zone ?? []))];
  return [...(topology.systems ?? [])];
}

function validateRole(where: string, target: string, systems: readonly PlannedSystem[]): void {
  const { role, of } = partsOf(target);
  known(`${where}: there is no role`, role, [...ROLES, ...CLUSTER_ROLES, ...WORDS]);
  const isOfSentinels = role === 'sentinels' || role === 'a sentinel';
  const isOfShard = !isOfSentinels && /^(slot|key|node)( |$)/.test(of ?? '');
  const needed = isOfShard || CLUSTER_ROLES.includes(role) ? 'cluster' : isOfSentinels ? 'sentinel' : null;
  // Without a system's name: any Sentinels, a shard of any cluster, and the primary and replicas of the first system.
  const isOfAny = isOfShard || (isOfSentinels && of === undefined);
  const asked = isOfAny ? systems : of === undefined ? systems.slice(0, 1) : named(where, of, systems);
  const [fit] = asked.filter(({ kind }) => needed === null || kind === needed);
  if (needed !== null && fit === undefined) throw notFor(`${where} "${target}"`, [needed], asked);
  if (isOfShard && fit !== undefined) validateShard(`${where} "${target}"`, of ?? '', fit);
}

function validateWord(where: string, target: string, { services, clientHosts }: PlannedWorld): void {
  if (target === 'clients' && clientHosts.length === 0)
    throw new UsageError(`${where}: "clients": expected a host on which only clients run, got none`);
  if (/^(apps|an app|database)$/.test(target) && services.length === 0)
    throw new UsageError(`${where}: "${target}": expected an application (the experiment's app), got none`);
}

/** `slot 7`, `key k`, `node redis-1`. */
function validateShard(where: string, of: string, { nodes }: PlannedSystem): void {
  const [, what, value = ''] = /^(\w+) ?(.*)$/s.exec(of) ?? [];
  if (what === 'slot' && !(/^\d+$/.test(value) && Number(value) < SLOT_COUNT))
    throw new UsageError(
      `${where}: expected a slot from 0 to ${SLOT_COUNT - 1}, got ${JSON.stringify(value)}`,
    );
  if (what === 'key' && value === '') throw new UsageError(`${where}: expected a key's name, got nothing`);
  if (what === 'node')
    known(
      `${where}: the cluster has no node`,
      value,
      nodes.map(({ name }) => name),
    );
}

/** The system of this name; all without one. */
function named(
  where: string,
  of: string | undefined,
  systems: readonly PlannedSystem[],
): readonly PlannedSystem[] {
  if (of === undefined) return systems;
  const names = systems.flatMap(({ name }) => name ?? []);
  if (names.length === 0)
    throw new UsageError(`${where}: there is no system ${JSON.stringify(of)}: the topology is a single one`);
  known(`${where}: there is no system`, of, names);
  return systems.filter(({ name }) => name === of);
}

function known(message: string, name: string, all: readonly string[]): void {
  if (all.includes(name)) return;
  throw new UsageError(
    all.length === 0
      ? `${message} ${JSON.stringify(name)}: there is none at all`
      : withNearest(`${message} ${JSON.stringify(name)}`, name, all),
  );
}

const IN_WORDS = {
  cluster: 'a cluster (topology: cluster())',
  sentinel: 'Sentinels (topology: sentinel())',
  standalone: 'a single server (topology: standalone())',
} as const;

function notFor(
  who: string,
  kinds: readonly PlannedSystem['kind'][],
  asked: readonly PlannedSystem[],
): UsageError {
  const expected = kinds.map((kind) => IN_WORDS[kind]).join(' or ');
  const got = asked
    .map(({ name, kind }) => `${name === null ? '' : `${name}: `}${IN_WORDS[kind]}`)
    .join(', ');
  return new UsageError(`${who}: expected ${expected}, got ${got}`);
}
