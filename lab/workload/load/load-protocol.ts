import type { LoadWorkload } from './load-workload.ts';

/** An instance of the application, as the load's host reaches it. */
export interface AppEndpoint {
  /** The node's name. */
  name: string;
  /** `http://127.1.0.14:8080`, without a slash at the end. */
  url: string;
}

/** The first line to the load's process; the further ones are those of the other clients, see ../protocol.ts. */
export interface LoadProcessConfig {
  workload: LoadWorkload;
  /** The group's clients in order, with their indexes in the run's table of clients. */
  clients: readonly { index: number; name: string }[];
  apps: readonly AppEndpoint[];
  /** Absolute paths; with `setpriv` k6 dies with its parent even by SIGKILL. */
  tools: { k6: string; setpriv?: string };
  /** The history's file, to which the process appends; the lab has written its header and table of clients. */
  historyFile: string;
  /** `monotonicMs()` at the run's start. */
  startOfRunMs: number;
  /** The same on the wall clock: what times of Redis' clock are counted from. Default: what the two clocks say now. */
  startOfRunUnixMs?: number;
  seed: number | string;
  /** Lab time per real time, which k6 is on, and the moment at which both showed the same time of day. Default: speed 1. */
  labTime?: LabTime;
  /** false: nothing is recorded, to measure what recording costs. Default true. */
  record?: boolean;
  /** Milliseconds within which k6 has to have made all virtual users. Default 30 000. */
  connectWithinMs?: number;
}

/** How the lab's time follows from real time. */
export interface LabTime {
  speed: number;
  /** Unix ms at which both clocks showed this. */
  sameUnixMs: number;
}

/** What k6's script is given, as JSON in the environment variable LAB_LOAD. */
export interface ScriptConfig {
  workload: LoadWorkload;
  apps: readonly AppEndpoint[];
  seed: string;
  labTime: LabTime;
  /** Index of the group's first client in the run's table: what makes ids unique between groups. */
  firstIndex: number;
  /** Whether anything is recorded; false only where the cost of it is measured. */
  record: boolean;
}
