import { LabError, messageOf } from '../common/errors.ts';
import { slotOf } from '../common/key-slot.ts';
import { until } from '../common/until.ts';
import { type ClusterOpinion, type ClusterView, ownersBy } from './cluster-view.ts';
import { infoOf } from './info.ts';
import { whatPrimaryLacks } from './primary-ready.ts';
import type { SlotOwners, TopologyNode } from './topology.ts';

const BAD_FLAGS = ['fail', 'fail?', 'handshake', 'noaddr'];

/**
 * Waits until the cluster is whole: every running node says `cluster_state:ok`, is linked to every other one and
 * agrees with all on who owns which slots and who replicates whom; every slot has a running owner, which takes a
 * write in each of its runs of slots; no slot is on the move; every replica is online and follows what is written.
 * LabError names what is missing when the time is up.
 */
export async function clusterReady(view: ClusterView, withinMs: number, signal?: AbortSignal): Promise<void> {
  let missing = 'an answer of its nodes';
  try {
    await until(
      async () => {
        missing = await whatIsMissing(view);
        return missing === '';
      },
      { what: 'the cluster', withinMs, everyMs: 8, ...(signal ? { signal } : {}) },
    );
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new LabError(`the cluster was not whole within ${withinMs} ms: ${missing} (${messageOf(error)})`, {
      cause: error,
    });
  }
}

/**
 * Waits until every node names all nodes in CLUSTER SLOTS. A replica is left out as long as its offset is not known, which
 * comes with its next gossip (cluster.c, isReplicaAvailable).
 */
export async function namedToClients(
  view: ClusterView,
  withinMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const names = async ({ control }: TopologyNode) => {
    const shards = (await control.call('CLUSTER', 'SLOTS')) as [number, number, ...[string, number][]][];
    return new Set(shards.flatMap(([, , ...nodes]) => nodes.map(([host]) => host))).size;
  };
  await until(
    async () => {
      const counts = await Promise.all(view.nodes.map(names));
      return counts.every((count) => count === view.nodes.length);
    },
    { what: 'all nodes to name all others to clients', withinMs, everyMs: 8, ...(signal ? { signal } : {}) },
  );
}

async function whatIsMissing(view: ClusterView): Promise<string> {
  const alive = view.alive();
  const opinions = await view.opinions();
  const silent = alive.find((node) => opinions.every((opinion) => opinion.node !== node));
  if (silent !== undefined) return `${silent.name} answers CLUSTER NODES`;
  const missing = whatOpinionsLack(opinions);
  if (missing !== '') return missing;
  const states = await Promise.all(alive.map(stateOf));
  const bad = states.findIndex((state) => state !== 'ok');
  if (bad >= 0) return `${alive[bad]?.name} says cluster_state:ok, not ${states[bad]}`;
  const owners = ownersBy(opinions);
  const lacks = await Promise.all(
    opinions
      .filter(({ self }) => self.slots.length > 0)
      .map(({ node }) => {
        const replicas = opinions.filter(({ self }) => self.primary === node.name).length;
        return whatPrimaryLacks(node, replicas, keysOf(node.name, owners));
      }),
  );
  const lack = lacks.find((one) => one !== '');
  if (lack !== undefined) return lack;
  const down = await Promise.all(opinions.filter(({ self }) => self.primary !== null).map(linkDownOf));
  return down.find((one) => one !== '') ?? '';
}

/** Valkey 9's replicas acknowledge, and their primaries have them online, before they say themselves that the link is up. */
async function linkDownOf({ node }: ClusterOpinion): Promise<string> {
  const { master_link_status: status } = infoOf(await node.control.info('replication'));
  return status === 'up' ? '' : `${node.name} says that the link to its primary is up, not ${status}`;
}

async function stateOf({ control }: TopologyNode): Promise<string | undefined> {
  return infoOf(String(await control.call('CLUSTER', 'INFO'))).cluster_state;
}

/** What the nodes' views lack of one whole cluster; empty for nothing. */
export function whatOpinionsLack(opinions: readonly ClusterOpinion[]): string {
  const running = new Set(opinions.map(({ node }) => node.name));
  for (const opinion of opinions) {
    const who = opinion.node.name;
    const [moving] = opinion.self.moving;
    if (moving !== undefined) return `slot ${moving.slot} is on the move no more, as ${who} has it`;
    for (const { node: other, self } of opinions) {
      const [entry, again] = opinion.entries.filter(({ name }) => name === other.name);
      if (entry === undefined) return `${who} knows ${other.name}`;
      // A handshake with somebody who is known already, and an id that somebody had before, stay for a while.
      if (again !== undefined) return `${who} knows ${other.name} only once`;
      const flag = entry.flags.find((one) => BAD_FLAGS.includes(one));
      if (flag !== undefined) return `${who} sees ${other.name} as ${flag}`;
      if (!entry.linked) return `${who} is linked to ${other.name}`;
      if (roleText(entry) !== roleText(self)) return `${who} knows that ${other.name} ${roleText(self)}`;
    }
    for (const { from, to, owner } of ownersBy([opinion])) {
      const run = from === to ? `slot ${from}` : `slots ${from} to ${to}`;
      if (owner === null) return `${who} knows an owner of ${run}`;
      if (!running.has(owner)) return `a running owner of ${run}, which ${who} says ${owner} owns`;
    }
  }
  return '';
}

/** What a node is and has, to compare. */
function roleText(entry: { primary: string | null; slots: readonly (readonly [number, number])[] }): string {
  if (entry.primary !== null) return `replicates ${entry.primary}`;
  return `owns ${entry.slots.map(([from, to]) => `${from}-${to}`).join(' ')}`;
}

/** A key in each of the runs of slots that a node owns. */
function keysOf(owner: string, owners: SlotOwners): string[] {
  return owners.filter((run) => run.owner === owner).map(({ from, to }) => keyIn(from, to));
}

/** A key whose slot is one of these. */
export function keyIn(from: number, to: number): string {
  for (let i = 0; ; i++) {
    const key = `lab:ready:{${i}}`;
    const slot = slotOf(key);
    if (slot >= from && slot <= to) return key;
  }
}
