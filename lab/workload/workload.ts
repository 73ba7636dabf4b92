import type { LoadWorkload } from './load/load-workload.ts';
import type { NodeRedisOptions } from './node-redis-options.ts';
import type { ClientOptions } from './redis-options.ts';

/**
 * `perSecond`: open loop, for the whole group: operations are due on a fixed schedule whatever the answers do,
 * and an operation's `invoked` is the time it was due, so that a stall shows in every latency it caused
 * (no coordinated omission). `closed-loop`: each client issues the next operation when one has ended.
 */
export type Rate = { perSecond: number } | 'closed-loop';

/** WAIT after each write. An operation is `ok` only if WAIT's answer is at least `replicas`; else `info`, because the write may survive. */
export interface WaitOptions {
  replicas: number;
  /** WAIT's own timeout in ms; at least 1, because 0 means for ever. */
  timeoutMs: number;
}

/** What every workload has. Plain JSON. */
interface Group {
  /** The group's name, unique in a scenario. Its keys are `<name>:0`, `<name>:1`, …, unless `keySlots` says otherwise. */
  name: string;
  /** How many clients. Each has one connection to the primary; with `readFrom: 'replica'` one more to a replica. */
  clients: number;
  /** The host on which they run. */
  on: string;
  rate: Rate;
  /** Closed loop only: operations that one client has under way at once. */
  inFlight: number;
  /**
   * Closed loop only: milliseconds until a client goes on after an operation that did not end `ok`. Without a
   * pause a client that is refused at once (no connection, no offline queue) would do nothing but fail.
   */
  pauseAfterErrorMs: number;
  /** Closed loop: milliseconds between the end of an operation and the next one, as of a user who thinks. */
  pauseMs: number;
  /** ioredis' options; none with another library. */
  redis: ClientOptions;
  /** Which library the clients use. Default: ioredis. `node-redis` (its package @redis/client) needs a cluster. */
  library?: 'ioredis' | 'node-redis';
  /** node-redis' options, with `library: 'node-redis'` alone. Default: none, its own defaults. */
  nodeRedis?: NodeRedisOptions;
  /** null: writes are acknowledged as soon as the primary has answered. */
  wait: WaitOptions | null;
  /** Over how many keys the operations are spread. */
  keys: number;
  /** In which slots of a cluster the keys lie. Default: `<name>:0`, `<name>:1`, … wherever that is, which spreads them. */
  keySlots?: KeySlots;
}

/**
 * Where a workload's keys lie in a cluster, three ways. Wrong statements about slots are a UsageError before
 * anything starts.
 */
export type KeySlots =
  /** Keys that share a hash tag, and with it one slot: `<name>:{<tag>}:0`, … `slot`: which one that is, to be checked. */
  | { tag: string; slot?: number }
  /** Keys chosen so that they lie in these ranges of slots, both ends included, in turn: `<name>:17`, `<name>:40`, … */
  | { ranges: readonly (readonly [from: number, to: number])[] }
  /** These keys, and the slot of each, to be checked. They begin with `<name>:`, and are as many as `keys`. */
  | { slotOfKey: Readonly<Record<string, number>> };

/** Adds unique ids to sets (SADD). `add` operations; the value is the id. */
export interface SetWorkload extends Group {
  kind: 'set';
}

/** Writes and reads versioned registers (SET, GET). One client alone writes a key, with versions 1, 2, 3, … */
export interface RegisterWorkload extends Group {
  kind: 'registers';
  /** Which node is read. `replica` needs Sentinels or a cluster: each client then holds a second connection, to replicas. */
  readFrom: 'primary' | 'replica';
  /** Share of operations that are reads, 0 to 1. Half of them, of clients that write, read a key of their own (read-your-writes). */
  readShare: number;
  /** Name of another workload of registers, whose keys these clients read; `readShare` is 1 then. Default: their own keys. */
  keysOf?: string;
}

/** Increments counters (INCR). `increment` operations; the value is the answer. */
export interface CounterWorkload extends Group {
  kind: 'counters';
}

/**
 * Takes locks (SET NX PX, with a fencing token), works under them and gives them back: `acquire`, `guard` and `release`
 * operations. What is worked on lives in the clients' own process and takes one step at a time. Needs ioredis, and no
 * cluster.
 */
export interface LockWorkload extends Group {
  kind: 'locks';
  /** For how long a lock is granted, in ms. */
  leaseMs: number;
  /** How long a client works under it, in ms: between half of this and one and a half. */
  holdMs: number;
  /** Whether what is worked on goes by the tokens, and refuses who shows an old one. */
  fenced: boolean;
}

/** What clients of Redis do. */
export type RedisWorkload = SetWorkload | RegisterWorkload | CounterWorkload | LockWorkload;

/** Everything that puts load on a run: clients of Redis, and users of the application. */
export type Workload = RedisWorkload | LoadWorkload;
