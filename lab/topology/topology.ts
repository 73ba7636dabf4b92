import type { Redis } from 'ioredis';
import type { Host, ProcessExit, RunningProcess } from '../hosts/host.ts';
import type { AddressBook, NodeKind } from '../mesh/address-book.ts';
import type { Timing } from './timing.ts';

export type { NodeKind } from '../mesh/address-book.ts';

/** What a topology needs before anything runs: plain data. */
export interface TopologyPlan {
  /** For the report: "1 primary, 2 replicas, 3 Sentinels (quorum 2)". */
  text: string;
  hosts: readonly { name: string; zone?: string }[];
  nodes: readonly PlannedNode[];
  /** Names of the systems of which it consists. Default: it is a single one. */
  systems?: readonly string[];
}

export interface PlannedNode {
  name: string;
  kind: NodeKind;
  host: string;
  ports: Readonly<Record<string, number>>;
}

/** What a topology gets to start with. */
export interface TopologyContext {
  hosts: ReadonlyMap<string, Host>;
  book: AddressBook;
  timing: Timing;
  tools: { redisServer: string };
  /** Directory for logs; a node's log is `<logs>/<name>.log`. */
  logs: string;
  signal?: AbortSignal;
  /** Told when a server does not offer something, and what is done instead. */
  note?: (text: string) => void;
  /** Called with all nodes before the first of them starts; by several systems each with its own. */
  onNodes?: (nodes: readonly TopologyNode[]) => void;
}

/** A way to start a number of Redis processes as one system. */
export interface Topology {
  readonly kind: string;
  plan(): TopologyPlan;
  /** The shortest silence, in ms, by which somebody is held for down. Default: nobody is. */
  decidingMs?(timing: Timing): number;
  /** Starts everything; resolves when it is ready, which means that clients can write and every part knows every other. */
  start(context: TopologyContext): Promise<RunningTopology>;
}

/**
 * A process that others reach over links: a server of the topology, an instance of the application, a database.
 * Its name stays, its process may come and go.
 */
export interface LabNode {
  readonly name: string;
  readonly kind: NodeKind;
  readonly host: Host;
  /** Its configuration as it was written before its first start. */
  readonly configuration: string;
  /** `127.L.0.N:port`, what it announces. */
  readonly announced: string;
  readonly process: RunningProcess | null;
  /** Called after each start and each end of its process. */
  onChange(listener: (change: NodeChange) => void): void;
  /** Starts the process, with its files as they are or with none. */
  start(data: 'kept' | 'lost'): Promise<void>;
  /** Waits until it does its work (a server that is LOADING does not). LabError when it has ended or is late. */
  accepting(withinMs: number): Promise<void>;
}

/** One server of a running topology. */
export interface TopologyNode extends LabNode {
  readonly kind: 'redis' | 'sentinel';
  /** A connection past the mesh, for probes and orders. It reconnects by itself. */
  readonly control: Redis;
}

/**
 * `data` says what a start found: `lost` is an empty directory, whether somebody emptied it or nothing was ever saved.
 * `begunMs` is when it was begun, as monotonicMs() says it: the process may have answered before it is told of.
 */
export type NodeChange =
  | { change: 'started'; data: 'kept' | 'lost'; first: boolean; begunMs: number }
  | { change: 'ended'; exit: ProcessExit };

/** How clients reach the system, through the mesh: by Sentinels, the nodes of a cluster, or one server; and what they have to log in with. */
export type Endpoint = (
  | { sentinels: readonly { host: string; port: number }[]; group: string }
  | { cluster: readonly { host: string; port: number }[] }
  | { host: string; port: number }
) & {
  /** Of the data nodes, where they ask for one: `requirepass`, or a user's. Sentinels are asked without. */
  password?: string;
  /** Where it is not the user `default`. */
  username?: string;
};

/** A run of slots, both ends included, all of which have the same owner. */
export interface OwnedSlots {
  from: number;
  to: number;
  /** Name of the node that owns them; null where no majority names one. */
  owner: string | null;
  /** Names of the nodes that replicate the owner, whether they run or not. */
  replicas: readonly string[];
}

/** Who owns which slots: every slot from 0 to 16383 in one of the runs, in order. */
export type SlotOwners = readonly OwnedSlots[];

/** What only a Redis Cluster can be asked. */
export interface ClusterQuestions {
  /** As the majority of the reachable primaries have it, asked past the mesh. LabError when none answers. */
  slots(): Promise<SlotOwners>;
  /**
   * Resolves when every node names all nodes to clients that ask who has the slots. A new cluster leaves replicas out
   * for up to half a node timeout, and who asks then reads from primaries. LabError when the time is up.
   */
  namedToClients(withinMs: number): Promise<void>;
}

export interface RunningTopology {
  readonly nodes: readonly TopologyNode[];
  /** The systems of which it consists, by name; empty for one that is a single system. */
  readonly systems: ReadonlyMap<string, RunningTopology>;
  readonly endpoint: Endpoint;
  /**
   * The node that is the primary as the majority of reachable Sentinels have it; null when they name none. In a
   * cluster: the owner of slot 0. Of several systems: the first one's.
   */
  primary(): Promise<TopologyNode | null>;
  /** Present where the system is a Redis Cluster; of several systems: where the first one is. */
  readonly cluster?: ClusterQuestions;
  /**
   * Resolves when the system is whole again after a heal: one primary that everybody agrees on, or in a cluster one
   * owner of each slot; replicas online.
   */
  settled(withinMs: number): Promise<void>;
  /** Closes the control connections. Processes are ended by the hosts. */
  close(): void;
}
