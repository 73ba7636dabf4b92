/**
 * What was seen from outside the clients: by probes, in logs, and by the lab about its own doings.
 * All times are milliseconds since the run's start on the machine's monotonic clock.
 */

/** What a node believes itself to be; `down` when it does not answer, `paused` when it was stopped by a signal. */
export type Role = 'primary' | 'replica' | 'down' | 'paused' | 'loading' | 'unknown';

/** A node had this role from `from` until `to` (the end of the run for the last one). */
export interface RoleSpan {
  node: string;
  role: Role;
  from: number;
  to: number;
}

/**
 * Something that happened. `kind` is Sentinel's event name with its sign (`+sdown`, `+switch-master`), or
 * `role`, `log`, `phase`, `fault`, `process`, `note`; of a node of a cluster also what cluster-log-line.ts lists.
 */
export interface LabEvent {
  /** When it happened, by the clock of whoever reports it (a log line's own time, where there is one). */
  at: number;
  /** Who says so: a node's or Sentinel's name, or `lab`. */
  source: string;
  kind: string;
  /** One line for people. */
  text: string;
  /** Facts for checkers (node names, addresses resolved to names). */
  data?: Readonly<Record<string, string | number | boolean>>;
}

/** A fault as it was: when it was asked for, when it was proved, when it was healed. */
export interface FaultWindow {
  /** Unique in the run: `isolate-1`. */
  id: string;
  /** The fault's name: `isolate`, `kill`. */
  name: string;
  /** One line for people: "isolate redis-1 (primary) from everybody by Toxiproxy". */
  text: string;
  /** Names of the nodes, hosts or links that were hit, as resolved at injection. */
  targets: readonly string[];
  /** When the injection began. */
  injectedAt: number;
  /** When the fault was proved to be in force; null when it could not be proved. */
  provedAt: number | null;
  /** When healing began; null when it was never healed. */
  healedAt: number | null;
  /** When the heal was proved; null when it was not. */
  recoveredAt: number | null;
  /** What the proof was, or why there is none. */
  proof: string;
  /** Those of the targets that refused it, so that nothing happened to them. Default none. */
  refusedBy?: readonly string[];
}

/** One node's figures at one moment, from INFO. Bytes for offsets. */
export interface NodeSample {
  at: number;
  node: string;
  role: Role;
  /** master_repl_offset of a primary, slave_repl_offset of a replica. */
  offset: number;
  /** On a primary: the smallest offset a connected replica has acknowledged; null without replicas. */
  ackedOffset: number | null;
  /** On a primary: replicas online. */
  replicas: number;
  /** On a replica: its link to its primary is up. */
  linkUp: boolean | null;
  /** On a replica: the node it replicates from. */
  primary: string | null;
  /** Further INFO fields worth plotting, by their INFO name. */
  info: Readonly<Record<string, number>>;
}

/** One figure of one process over time: what a metrics endpoint or a statistics view said when it was asked. */
export interface MetricSeries {
  /** Who says so: `db-1`, `app-2`, `users-1`. */
  source: string;
  /** `queries`, `sessions_local_hits`: the metric's name, without the source's prefix. */
  name: string;
  /** What it is broken down by: `{ statement: 'product-by-id' }`. */
  labels: Readonly<Record<string, string>>;
  /** A counter only grows, except when its process starts anew; a gauge is a level. */
  kind: 'counter' | 'gauge';
  /** Milliseconds since the run's start, ascending; `values` beside it. */
  at: readonly number[];
  values: readonly number[];
}

/** One of k6's thresholds, and what came of it. */
export interface ThresholdResult {
  /** `http_req_duration{scenario:browse}` */
  metric: string;
  /** `p(95)<200` */
  expression: string;
  ok: boolean;
}

/** What k6 says at the end of a load. */
export interface LoadSummary {
  /** The workload's name. */
  load: string;
  thresholds: readonly ThresholdResult[];
  /** k6's figures by metric: `{ http_req_duration: { 'p(95)': 12.1, … } }`; times in ms. */
  metrics: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** How one node of a cluster sees one node of it (itself included): a line of its CLUSTER NODES. */
export interface SlotMember {
  /** Its name; the first eight characters of its id where nobody knows the name (a node that was forgotten). */
  node: string;
  role: 'primary' | 'replica';
  /** Of a replica: whose. */
  primary: string | null;
  /** Its configEpoch; of a replica its primary's. */
  epoch: number;
  /** The slots it owns: `0-5460 5462`, ascending; empty for none. */
  slots: string;
  /** Slots on their way, which only a node itself tells: `93>redis-2` to it, `77<redis-3` from it, by blanks; else empty. */
  moving: string;
  /** Of `pfail`, `fail`, `noaddr`, `handshake`, `nofailover`, and `disconnected` (the bus link), those that hold, by blanks. */
  flags: string;
}

/** A node's view of its cluster, from `at` on until its next one. A node that is down keeps its last: see its role. */
export interface SlotView {
  /** When it answered. */
  at: number;
  /** Whose view it is. */
  node: string;
  /** Its cluster_state: whether it serves what it owns. */
  state: 'ok' | 'fail';
  /** Its currentEpoch. */
  epoch: number;
  /** Whom it knows, as places in the list of members. */
  members: readonly number[];
}

/** Who owns which slots according to whom, when: each view only where it differs from that node's one before. */
export interface SlotViews {
  /** Everything that was said of a node, each once. */
  members: readonly SlotMember[];
  /** By time. */
  views: readonly SlotView[];
}

/** How far the machine kept up with a lab clock that is not real time's. Times in ms of lab time. */
export interface Pace {
  /** Lab time per real time. */
  speed: number;
  /** By how much a timer of the lab was late at worst, and 1 of 100 at least, while the load ran. */
  latestMs: number;
  lateP99Ms: number;
  /** Of the processors' time, the machine's other work included; null where that could not be told. */
  busyShare: number | null;
  /** How long a data node took to answer the lab, the median; null when none was asked. */
  answerP50Ms: number | null;
}

/** Everything seen, handed to checkers beside the history. */
export interface Observations {
  /** Length of the run in ms: every time in it is in [0, durationMs]. */
  durationMs: number;
  /** The run's start in Unix ms, by the clock of the machine: what is aligned to Unix time needs it. */
  startedAtUnixMs?: number;
  /** Names of the data nodes. */
  nodes: readonly string[];
  roles: readonly RoleSpan[];
  events: readonly LabEvent[];
  faults: readonly FaultWindow[];
  samples: readonly NodeSample[];
  /** When the load ran: operations outside it (warm-up's first connects, final read) are not availability. */
  loadWindow: { from: number; to: number };
  /** Figures of the application, its database and the load, where there are any. */
  metrics?: readonly MetricSeries[];
  /** What k6 says at the end of each load of users, where there is any. */
  loads?: readonly LoadSummary[];
  /** The views of a cluster's nodes; only in a run with a cluster. */
  slots?: SlotViews;
  /** Only in a run at another speed than real time's. */
  pace?: Pace;
}
