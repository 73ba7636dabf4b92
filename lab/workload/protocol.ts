import type { LoadSummary } from '../history/observations.ts';
import type { NodeNames } from './connection.ts';

import type { Tally } from './operations.ts';
import type { RedisWorkload } from './workload.ts';

/**
 * The client process's talk with the lab, one JSON document a line. The lab writes a ClientProcessConfig first,
 * then `start` and `stop`; the end of stdin means that the lab is gone, and ends the process at once.
 */

/** The first line to the process. */
export interface ClientProcessConfig {
  workload: RedisWorkload;
  /** The group's clients in order, with their indexes in the run's table of clients. */
  clients: readonly { index: number; name: string }[];
  connection: Endpoint;
  /** Names of nodes by the address at which clients see them, `host:port`. */
  nodes: NodeNames;
  /** The history's file, to which the process appends; the lab has written its header and table of clients. */
  historyFile: string;
  /** `monotonicMs()` at the run's start. */
  startOfRunMs: number;
  seed: number | string;
  /** Milliseconds within which all clients have to be connected. Default 10 000. */
  connectWithinMs?: number;
}

/** Where clients connect: through Sentinels, to the nodes of a cluster, or to one server; and what the data nodes ask for, if anything. */
export type Endpoint = (
  | { sentinels: readonly { host: string; port: number }[]; group: string }
  | { cluster: readonly { host: string; port: number }[] }
  | { host: string; port: number }
) & { username?: string; password?: string };

/** Further lines to the process. */
export type ToClients =
  | { type: 'start' }
  /** No further operations; those under way have `graceMs` to end, then they are recorded as `info`, `open-at-end`. */
  | { type: 'stop'; graceMs: number };

/** Lines from the process. */
export type FromClients =
  /** All clients are connected. */
  | { type: 'ready' }
  /** Every 100 ms, counted from the start until `at` (ms since the run's start); one that the lab is too slow to read is left out. */
  | ({ type: 'stats'; at: number } & Tally)
  /** k6's, before the last one. */
  | ({ type: 'summary' } & LoadSummary)
  /** The last one: everything is in the file. The process exits with 0. */
  | ({ type: 'done'; at: number } & Tally)
  /** The last one: the lab's own failure (cannot connect, cannot write). The process exits with 3. */
  | { type: 'error'; message: string; details?: readonly string[] };
