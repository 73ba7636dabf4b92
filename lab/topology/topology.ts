import type { Redis } from 'ioredis';
import type { Host, ProcessExit, RunningProcess } from '../hosts/host.ts';
import type { AddressBook } from '../mesh/address-book.ts';
import type { Timing } from './timing.ts';

export type NodeKind = 'redis' | 'sentinel';

/** What a topology needs before anything runs: plain data. */
export interface TopologyPlan {
  /** For the report: "1 primary, 2 replicas, 3 Sentinels (quorum 2)". */
  text: string;
  hosts: readonly { name: string; zone?: string }[];
  nodes: readonly { name: string; kind: NodeKind; host: string; ports: Readonly<Record<string, number>> }[];
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
  /** Called with all nodes before the first of them starts. */
  onNodes?: (nodes: readonly TopologyNode[]) => void;
}

/** A way to start a number of Redis processes as one system. */
export interface Topology {
  readonly kind: string;
  plan(): TopologyPlan;
  /** Starts everything; resolves when it is ready, which means that clients can write and every part knows every other. */
  start(context: TopologyContext): Promise<RunningTopology>;
}

/** One server of a running topology. Its name stays, its process may come and go. */
export interface TopologyNode {
  readonly name: string;
  readonly kind: NodeKind;
  readonly host: Host;
  /** Its configuration as it was written before its first start. */
  readonly configuration: string;
  /** `127.L.0.N:port`, what it announces. */
  readonly announced: string;
  readonly process: RunningProcess | null;
  /** A connection past the mesh, for probes and orders. It reconnects by itself. */
  readonly control: Redis;
  /** Called after each start and each end of its process. */
  onChange(listener: (change: NodeChange) => void): void;
  /** Starts the process, with its files as they are or with none. */
  start(data: 'kept' | 'lost'): Promise<void>;
  /** Waits until it accepts commands (LOADING is not yet). */
  accepting(withinMs: number): Promise<void>;
}

/** `data` says what a start found: `lost` is an empty directory, whether somebody emptied it or nothing was ever saved. */
export type NodeChange =
  | { change: 'started'; data: 'kept' | 'lost'; first: boolean }
  | { change: 'ended'; exit: ProcessExit };

/** How clients reach the system, through the mesh: by Sentinels, or one server. */
export type Endpoint =
  | { sentinels: readonly { host: string; port: number }[]; group: string }
  | { host: string; port: number };

export interface RunningTopology {
  readonly nodes: readonly TopologyNode[];
  readonly endpoint: Endpoint;
  /** The node that is the primary as the majority of reachable Sentinels have it; null when they name none. */
  primary(): Promise<TopologyNode | null>;
  /** Resolves when the system is whole again after a heal: one primary that everybody agrees on, replicas online. */
  settled(withinMs: number): Promise<void>;
  /** Closes the control connections. Processes are ended by the hosts. */
  close(): void;
}
