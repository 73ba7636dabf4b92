import { LabError } from '../common/errors.ts';
import { SLOT_COUNT, slotOf } from '../common/key-slot.ts';
import { isAlive } from '../topology/sentinel-view.ts';
import type { ClusterQuestions, RunningTopology, SlotOwners, TopologyNode } from '../topology/topology.ts';
import type { FaultSurface } from './fault.ts';

/** Targets that mean several primaries of a cluster; each may be followed by ` of ` and a system's name. */
export const CLUSTER_ROLES: readonly string[] = [
  'primaries',
  'a majority of primaries',
  'a minority of primaries',
];

/** The running primaries that such a role stands for. LabError where there is no cluster. */
export async function clusterNodesOf(role: string, system: RunningTopology): Promise<TopologyNode[]> {
  const owners = await questionsOf(system).slots();
  const primaries = primariesIn(owners, system);
  const total = new Set(owners.flatMap(({ owner }) => owner ?? [])).size;
  const majority = Math.floor(total / 2) + 1;
  if (role === 'primaries') return primaries;
  return role.startsWith('a majority') ? primaries.slice(0, majority) : primaries.slice(majority);
}

/** `primary`, `replicas` or `a replica` of a slot, of a key or of a node; of several systems: of the first cluster. */
export async function shardNodesOf(
  role: string,
  what: string,
  value: string,
  { topology, random }: FaultSurface,
): Promise<TopologyNode[]> {
  const system = clusterIn(topology);
  const owners = await questionsOf(system).slots();
  const own = what === 'node' ? ofNode(value, owners) : ofSlot(what, value, owners);
  if (own === undefined) return [];
  if (role === 'primary') return named([own.owner ?? ''], system);
  const replicas = named(own.replicas, system).filter(isAlive);
  return role === 'replicas' || replicas.length === 0 ? replicas : [random.pick(replicas)];
}

/** The running nodes that replicate an owner of slots. */
export function replicasIn(owners: SlotOwners, system: RunningTopology): TopologyNode[] {
  return named([...new Set(owners.flatMap(({ replicas }) => replicas))], system).filter(isAlive);
}

/** The system that is a cluster, or the first of several that is. LabError when none is. */
export function clusterIn(topology: RunningTopology): RunningTopology {
  const all = [topology, ...topology.systems.values()];
  const systems = all.filter((one) => one.cluster !== undefined && one.systems.size === 0);
  const [first] = systems;
  if (first === undefined) throw new LabError('expected a cluster (topology: cluster()), got none');
  return first;
}

/** What a cluster can be asked. LabError where the system is none. */
export function questionsOf({ cluster, nodes }: RunningTopology): ClusterQuestions {
  if (cluster !== undefined) return cluster;
  throw new LabError(`expected a cluster, got ${nodes.map(({ name }) => name).join(', ')}`);
}

/** Its running owners of slots, in the order of their first ones. */
function primariesIn(owners: SlotOwners, system: RunningTopology): TopologyNode[] {
  const names = owners.flatMap(({ owner }) => (owner === null ? [] : [owner]));
  return named([...new Set(names)], system).filter(isAlive);
}

function ofSlot(what: string, value: string, owners: SlotOwners): SlotOwners[number] | undefined {
  const slot = what === 'key' ? slotOf(value) : Number(value);
  if (!Number.isInteger(slot) || slot < 0 || slot >= SLOT_COUNT) {
    throw new LabError(`expected a slot from 0 to ${SLOT_COUNT - 1}, got ${value}`);
  }
  return owners.find(({ from, to }) => from <= slot && slot <= to);
}

function ofNode(name: string, owners: SlotOwners): SlotOwners[number] | undefined {
  return owners.find(({ owner }) => owner === name);
}

function named(names: readonly string[], { nodes }: RunningTopology): TopologyNode[] {
  return names.flatMap((name) => nodes.find((node) => node.name === name) ?? []);
}
