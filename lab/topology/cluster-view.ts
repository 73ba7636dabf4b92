import { sleep } from '../common/clock.ts';
import { LabError } from '../common/errors.ts';
import { SLOT_COUNT } from '../common/key-slot.ts';
import { real } from '../common/lab-speed.ts';
import type { AddressBook } from '../mesh/address-book.ts';
import { type ClusterNodesLine, clusterNodesOf } from './cluster-nodes.ts';
import { isAlive } from './sentinel-view.ts';
import type { OwnedSlots, SlotOwners, TopologyNode } from './topology.ts';

/** A node as another one has it, by name. */
export interface ClusterEntry extends Omit<ClusterNodesLine, 'primaryId'> {
  /** null for an address that no node of the lab has. */
  name: string | null;
  /** Name of the primary that it replicates; null for a primary, and where the answering node knows no such node. */
  primary: string | null;
}

/** What one node says of the cluster. */
export interface ClusterOpinion {
  node: TopologyNode;
  /** As it has itself. */
  self: ClusterEntry;
  /** Everybody it knows, itself included. */
  entries: readonly ClusterEntry[];
}

/** A node that has not answered after this long counts as out of reach. */
const ANSWER_MS = real(500);

/** The view that each node of a cluster has of it, asked past the mesh. */
export class ClusterView {
  readonly nodes: readonly TopologyNode[];
  readonly #book: AddressBook;

  constructor(nodes: readonly TopologyNode[], book: AddressBook) {
    this.nodes = nodes;
    this.#book = book;
  }

  /** The nodes whose process runs. */
  alive(): readonly TopologyNode[] {
    return this.nodes.filter(isAlive);
  }

  /** What the node says; rejects when it does not answer. */
  async opinion(node: TopologyNode): Promise<ClusterOpinion> {
    const lines = clusterNodesOf(String(await node.control.call('CLUSTER', 'NODES')));
    const names = new Map(lines.map((line) => [line.id, line.ip === '' ? null : this.#book.nameOf(line.ip)]));
    const entries = lines.map(({ primaryId, ...line }) => ({
      ...line,
      name: names.get(line.id) ?? null,
      primary: primaryId === null ? null : (names.get(primaryId) ?? null),
    }));
    const self = entries.find((entry) => entry.flags.includes('myself'));
    if (self === undefined) throw new LabError(`${node.name} says nothing of itself in CLUSTER NODES`);
    return { node, self, entries };
  }

  /** Those of the nodes that answer soon. */
  async opinions(): Promise<ClusterOpinion[]> {
    const answers = this.alive().map((node) =>
      Promise.race([this.opinion(node).catch(() => null), sleep(ANSWER_MS).then(() => null)]),
    );
    return (await Promise.all(answers)).filter((opinion) => opinion !== null);
  }

  /** As the majority of the reachable primaries with slots have it. LabError when there is none. */
  async slots(): Promise<SlotOwners> {
    const voters = (await this.opinions()).filter(({ self }) => self.slots.length > 0);
    if (voters.length === 0) throw new LabError('no primary of the cluster with slots answers');
    return ownersBy(voters);
  }

  /** The owner of slot 0, null when no majority names one. */
  async primary(): Promise<TopologyNode | null> {
    const owners = await this.slots().catch(() => []);
    return this.nodes.find((node) => node.name === owners[0]?.owner) ?? null;
  }
}

/** Who owns which slots according to most of these. */
export function ownersBy(voters: readonly ClusterOpinion[]): SlotOwners {
  const votes = voters.map(({ entries }) => entries);
  const cuts = new Set([0, SLOT_COUNT]);
  for (const { slots } of votes.flat()) for (const [from, to] of slots) cuts.add(from).add(to + 1);
  const bounds = [...cuts].sort((a, b) => a - b);
  const result: OwnedSlots[] = [];
  for (const [i, from] of bounds.slice(0, -1).entries()) {
    const owner = most(votes.map((entries) => [ownerIn(entries, from)]))[0] ?? null;
    const before = result.at(-1);
    const to = (bounds[i + 1] ?? 0) - 1;
    if (before !== undefined && before.owner === owner) before.to = to;
    else result.push({ from, to, owner, replicas: owner === null ? [] : most(votes.map(replicasOf(owner))) });
  }
  return result;
}

function ownerIn(entries: readonly ClusterEntry[], slot: number): string | null {
  return entries.find(({ slots }) => slots.some(([from, to]) => from <= slot && slot <= to))?.name ?? null;
}

function replicasOf(owner: string): (entries: readonly ClusterEntry[]) => (string | null)[] {
  return (entries) => entries.filter(({ primary }) => primary === owner).map(({ name }) => name);
}

/** The names that more than half of the ballots have on them, in order. */
function most(ballots: readonly (readonly (string | null)[])[]): string[] {
  const counts = new Map<string, number>();
  for (const name of ballots.flat()) if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  const chosen = [...counts].flatMap(([name, votes]) => (2 * votes > ballots.length ? [name] : []));
  return chosen.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}
