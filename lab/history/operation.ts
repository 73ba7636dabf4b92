/**
 * What a client did and what it was told.
 *
 * `ok`: the server answered, and the answer says it was done. `fail`: it certainly was not done (refused,
 * READONLY, NOREPLICAS, …). `info`: nobody knows whether it took effect (a timeout, a reset, an error that
 * nobody has classified). Jepsen's three outcomes: https://github.com/jepsen-io/jepsen
 */
export type Outcome = 'ok' | 'fail' | 'info';

/** One operation of one client, with both of its ends. */
export interface Operation {
  /** The client's name, unique in a run. A client has at most one connection to a primary at a time, and one to a replica if it reads there. */
  client: string;
  /**
   * `add` (set), `write` and `read` (register), `increment` (counter). What users do with an application has names
   * of its own, see application.ts.
   */
  f: string;
  /** The Redis key it went to. */
  key: string;
  /** The id added, the version written or read, the counter's answer; null where there is none (a read that found nothing, an increment without answer). */
  value: number | null;
  /** Milliseconds since the run's start when the client issued it. */
  invoked: number;
  /** Milliseconds since the run's start when the client learned the outcome (or gave up at the end of the run). */
  completed: number;
  outcome: Outcome;
  /** Name of the node that answered, as the client's connection knew it; null when nobody did. */
  node: string | null;
  /** A classified error (`READONLY`, `timeout`, …), `unclassified: <message>` for one nobody knows, null without one. */
  error: string | null;
  /**
   * How often a cluster's client sent it on before this outcome: to another node after MOVED or ASK, and once more
   * after TRYAGAIN, CLUSTERDOWN or a connection that closed. Absent for none, and with clients of other systems.
   */
  redirects?: number;
  /** Why, and how often for each reason: `MOVED:2 CLUSTERDOWN:1`, `connection:1`. Absent where there were none, or nobody said. */
  redirectedBy?: string;
}

/** Who the clients were: a run's table of clients. */
export interface ClientInfo {
  name: string;
  /** The workload's name, the group in which the report shows it. */
  group: string;
  /** The host it ran on. */
  host: string;
  /** Set when the client's process died with operations that it may not have recorded, in ms since the run's start. */
  crashedAt?: number;
}

/** The last word on one key, read from the surviving primary after everything was healed and settled. */
export interface FinalRead {
  subject: 'set' | 'register' | 'counter' | 'orders' | 'conversation';
  key: string;
  /** The node that was read. */
  node: string;
  /** Milliseconds since the run's start. */
  at: number;
  /**
   * Every member of a set; the one version of a register or value of a counter; the ids that the ledger of orders
   * holds, each as often as it was processed; the turns of a conversation that can be read. Empty when there is nothing.
   */
  values: readonly number[];
}

/** A run's history, as the checkers see it: pure data, from memory or from disk. */
export interface History {
  clients: readonly ClientInfo[];
  /** Iterable again and again, in any order of completion; `length` is known. */
  operations: Iterable<Operation> & { readonly length: number };
  finalReads: readonly FinalRead[];
}
