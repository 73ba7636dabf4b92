import { nodeAddresses } from '../hosts/node-address.ts';

/** What a node is. */
export type NodeKind = 'redis' | 'sentinel' | 'app' | 'postgres';

/** What is spoken on a link: what the node is, but on a cluster node's second port the protocol of the cluster bus. */
export type Spoken = NodeKind | 'bus';

/** What a node speaks on one of its ports. */
export function spokenOn(kind: NodeKind, port: string): Spoken {
  return port === 'bus' ? 'bus' : kind;
}

/**
 * Who is reached where. Every node announces one loopback address, 127.L.0.N. On its own host that address is
 * the node itself; on every other host it is that host's Toxiproxy listener for the link to it. So Sentinel,
 * cluster gossip and clients may hand the address around freely: it is always right and always proxied.
 */
export interface NodeAddress {
  /** The node's name: `redis-1`, `sentinel-2`. */
  name: string;
  kind: NodeKind;
  /** The host it runs on. */
  host: string;
  /** What it announces and what everybody uses, through the mesh: 127.L.0.N. */
  announced: string;
  /** Where Toxiproxies, and the lab past all faults, reach it, which the backend gives out: 198.18.0.N, 169.254.1.N. */
  direct: string;
  /** Ports by name: `client`, and for a cluster node `bus`. */
  ports: Readonly<Record<string, number>>;
}

export interface AddressBook {
  readonly nodes: readonly NodeAddress[];
  /** Throws RangeError for a name that is not in the book. */
  node(name: string): NodeAddress;
  /** The node behind `127.L.0.N:port` or `127.L.0.N`, or null. */
  nameOf(address: string): string | null;
}

const FIRST_NODE = 11;

/** L: labs share no network, so all may use 1. */
const LAB = 1;

/** Numbers the nodes in the order given. `direct`: a node's address past the mesh; default: as with namespaces. */
export function addressBook(
  nodes: readonly Pick<NodeAddress, 'name' | 'kind' | 'host' | 'ports'>[],
  direct: (number: number) => string = nodeAddresses.namespaces,
): AddressBook {
  const entries = nodes.map((node, index) => ({
    ...node,
    announced: `127.${LAB}.0.${FIRST_NODE + index}`,
    direct: direct(FIRST_NODE + index),
  }));
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const byAddress = new Map(entries.map((entry) => [entry.announced, entry.name]));
  return {
    nodes: entries,
    node(name) {
      const entry = byName.get(name);
      if (entry === undefined) throw new RangeError(`no node is called ${JSON.stringify(name)}`);
      return entry;
    },
    nameOf: (address) => byAddress.get(address.split(':')[0] ?? '') ?? null,
  };
}
