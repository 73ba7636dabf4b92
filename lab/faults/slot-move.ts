import { LabError } from '../common/errors.ts';
import { until } from '../common/until.ts';
import { clusterNodesOf } from '../topology/cluster-nodes.ts';
import { isAlive } from '../topology/sentinel-view.ts';
import type { RunningTopology, SlotOwners, TopologyNode } from '../topology/topology.ts';
import { questionsOf } from './cluster-target.ts';

/** Keys that one MIGRATE takes along, as redis-cli's rebalancing does. */
const KEYS_AT_ONCE = 10;
/** Of one MIGRATE. */
const MIGRATE_TIMEOUT_MS = 5000;

/** A slot on its way from its owner to another primary. */
export interface Move {
  slot: number;
  source: TopologyNode;
  target: TopologyNode;
  sourceId: string;
  targetId: string;
}

/** LabError where a slot has no owner, or the target owns it already. */
export async function movesOf(
  slots: readonly number[],
  target: TopologyNode,
  system: RunningTopology,
): Promise<Move[]> {
  const owners = await questionsOf(system).slots();
  const targetId = await idOf(target);
  return Promise.all(
    slots.map(async (slot) => {
      const source = system.nodes.find(({ name }) => name === ownerIn(owners, slot));
      if (source === undefined) throw new LabError(`expected an owner of slot ${slot}, got none`);
      if (source === target) throw new LabError(`expected another owner of slot ${slot} than ${target.name}`);
      return { slot, source, target, sourceId: await idOf(source), targetId };
    }),
  );
}

function ownerIn(owners: SlotOwners, slot: number): string | null {
  return owners.find(({ from, to }) => from <= slot && slot <= to)?.owner ?? null;
}

/** The slot's owner after its source, as soon as the majority has heard of it. */
async function successorOf({ slot, source }: Move, system: RunningTopology): Promise<TopologyNode | null> {
  const { owner } = await until(
    async () => {
      const name = ownerIn(await questionsOf(system).slots(), slot);
      return name === source.name ? undefined : { owner: name };
    },
    { what: `another owner of slot ${slot} than ${source.name}`, withinMs: 5000 },
  );
  return system.nodes.find(({ name }) => name === owner) ?? null;
}

/** Whether a node says that the slot is on its way from it to the move's target. */
async function knowsOf({ slot, targetId }: Move, { control }: TopologyNode): Promise<boolean> {
  const lines = clusterNodesOf(String(await control.call('CLUSTER', 'NODES')));
  const moving = lines.find(({ flags }) => flags.includes('myself'))?.moving ?? [];
  return moving.some((one) => one.slot === slot && one.direction === 'to' && one.id === targetId);
}

/**
 * Completes a move whose source was replaced, from its successor if that one knows of the move; returns how many keys
 * that were. Else it closes the slot, and returns what stays behind, in words.
 */
export async function completeAfterFailover(move: Move, system: RunningTopology): Promise<number | string> {
  const successor = await successorOf(move, system);
  if (successor === null || !(await knowsOf(move, successor)))
    return giveUp(move, successor?.name ?? 'nobody');
  const sourceId = await idOf(successor);
  await mustHear(move, sourceId);
  return complete({ ...move, source: successor, sourceId }, system);
}

/**
 * A node that imports a slot listens to nobody's claim to it (clusterUpdateSlotsConfigWithClaims): when the old source
 * comes back as a replica, the slot has no owner there, and keys are refused with CLUSTERDOWN. So the import is ended
 * until the target has heard whose the slot is now, and finds its cluster whole again.
 */
async function mustHear({ slot, target: { name, control } }: Move, ownerId: string): Promise<void> {
  await control.call('CLUSTER', 'SETSLOT', String(slot), 'STABLE');
  await until(
    async () => {
      const lines = clusterNodesOf(String(await control.call('CLUSTER', 'NODES')));
      const owner = lines.find(({ slots }) => slots.some(([from, to]) => from <= slot && slot <= to));
      const serves = String(await control.call('CLUSTER', 'INFO')).includes('cluster_state:ok');
      return owner?.id === ownerId && serves;
    },
    { what: `${name} to hear who owns slot ${slot} now, and to serve`, withinMs: 10_000 },
  );
}

/** Carries over what is left and gives the slot away. Returns how many keys that were. */
export async function complete(move: Move, system: RunningTopology): Promise<number> {
  await open(move);
  const keys = await carry(move, Number.POSITIVE_INFINITY);
  await settle(move, system);
  return keys;
}

/**
 * Closes a slot whose source was replaced: the new owner does not know that the slot was on the move, and keys that were
 * carried over before are in the slot of a node that does not own it.
 */
async function giveUp({ slot, target }: Move, owner: string): Promise<string> {
  await target.control.call('CLUSTER', 'SETSLOT', String(slot), 'STABLE');
  const keys = await target.control.call('CLUSTER', 'COUNTKEYSINSLOT', String(slot));
  return `slot ${slot} is owned by ${owner}, ${String(keys)} of its keys stay on ${target.name}`;
}

async function idOf({ control }: TopologyNode): Promise<string> {
  return String(await control.call('CLUSTER', 'MYID'));
}

/** First the target, so that the source never sends a client to somebody who does not know of it. Again changes nothing. */
export async function open({ slot, source, target, sourceId, targetId }: Move): Promise<void> {
  await target.control.call('CLUSTER', 'SETSLOT', String(slot), 'IMPORTING', sourceId);
  await source.control.call('CLUSTER', 'SETSLOT', String(slot), 'MIGRATING', targetId);
}

/** Carries at most so many keys over, and returns how many. */
export async function carry({ slot, source, target }: Move, most: number): Promise<number> {
  const [host = '', port = ''] = target.announced.split(':');
  const access = await accessOf(source);
  let carried = 0;
  while (carried < most) {
    const count = Math.min(KEYS_AT_ONCE, most - carried);
    const keys = await source.control.call('CLUSTER', 'GETKEYSINSLOT', String(slot), String(count));
    const names = (keys as unknown[]).map(String);
    if (names.length === 0) break;
    const end = [...access, 'KEYS', ...names];
    await source.control.call('MIGRATE', host, port, '', '0', String(MIGRATE_TIMEOUT_MS), ...end);
    carried += names.length;
  }
  return carried;
}

/** What nodes log in to each other with. */
async function accessOf({ control }: TopologyNode): Promise<string[]> {
  const [user, password] = await Promise.all(
    ['masteruser', 'masterauth'].map(
      async (name) => ((await control.config('GET', name)) as string[])[1] ?? '',
    ),
  );
  if (!password) return [];
  return user ? ['AUTH2', user, password] : ['AUTH', password];
}

/** The new owner first, then everybody: whoever is told too late learns it by gossip. */
export async function settle(
  { slot, source, target, targetId }: Move,
  { nodes }: RunningTopology,
): Promise<void> {
  const tell = ({ control }: TopologyNode) =>
    control.call('CLUSTER', 'SETSLOT', String(slot), 'NODE', targetId);
  await tell(target);
  await tell(source);
  const others = nodes.filter((node) => isAlive(node) && node !== source && node !== target);
  await Promise.all(others.map((node) => tell(node).catch(() => {})));
}
