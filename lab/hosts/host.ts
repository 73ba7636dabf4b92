/**
 * A host is an isolated network stack on which processes run. The interface is small so that every backend
 * (namespaces, containers) can keep it; `conformance.ts` is the suite that each of them passes.
 */

import type { HostClock } from '../time/host-clock.ts';

/** What a topology asks for: a host and the addresses of the nodes placed on it. */
export interface HostSpec {
  name: string;
  /** The named group of hosts that it belongs to. */
  zone?: string;
  /** Addresses, besides the host's own, under which the nodes on it are reached from other hosts. */
  nodeAddresses: readonly string[];
}

export interface ProcessSpec {
  /** Unique in a run; also the name of its log. */
  name: string;
  /** Path of the program. */
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Working directory; default: the host's own scratch directory. */
  cwd?: string;
  /** `pipe` gives the caller stdin and stdout; stderr goes to the log either way. Default: both to the log. */
  stdio?: 'log' | 'pipe';
}

/** How a process ended: one of the two is null. */
export interface ProcessExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface RunningProcess {
  readonly name: string;
  readonly pid: number;
  /** Path of its log. */
  readonly log: string;
  /** Set once it has ended. */
  readonly exit: ProcessExit | null;
  readonly exited: Promise<ProcessExit>;
  /** Present with `stdio: 'pipe'`. */
  readonly stdin: NodeJS.WritableStream | null;
  readonly stdout: NodeJS.ReadableStream | null;
  /** Sends a signal; does nothing once the process has ended. */
  signal(signal: NodeJS.Signals): void;
}

export interface Host {
  readonly name: string;
  readonly zone: string | null;
  /** Where the lab, which stands outside every fault, reaches this host. */
  readonly address: string;
  /** A directory of this host that is gone with the run. */
  readonly dir: string;
  /** Its time of day, where the lab has a clock of its own. */
  readonly clock?: HostClock;
  /** Starts a process on this host. Its output is appended to `<logs>/<name>.log`. Rejects with LabError when it cannot be started. */
  start(spec: ProcessSpec): Promise<RunningProcess>;
  /** Runs a short command on this host and returns its stdout; LabError with its stderr unless it exits with 0. */
  run(command: string, args: readonly string[], input?: string): Promise<string>;
  /** A command as one that PostgreSQL's programs agree to be started by: they refuse user id 0. */
  asOrdinaryUser(command: string, args: readonly string[]): [string, string[]];
  /** Plugs or pulls the host's network cable: without it the host is silent, as a crashed machine is. */
  cable(state: 'in' | 'out'): Promise<void>;
  /** Processes on this host that have not ended. */
  processes(): readonly RunningProcess[];
}

/** Makes hosts, and takes everything away again. */
export interface HostBackend {
  readonly name: string;
  /** The address, besides their hosts' own, of the node with this number, which is at least 11 and at most 254. */
  nodeAddress(number: number): string;
  /** Creates all hosts of a run, joined by one switch, side by side. */
  create(specs: readonly HostSpec[]): Promise<ReadonlyMap<string, Host>>;
  /** Ends every process and removes every host. */
  close(): Promise<void>;
  /** Where nobody outside is left who could: ends everything at once, and removes what does not end with this process. */
  abandon?(): Promise<void>;
}
