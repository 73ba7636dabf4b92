import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import {
  CHANNELS,
  ClientClosedError,
  ClientOfflineError,
  createCluster,
  ErrorReply,
  type RedisClusterOptions,
  TimeoutError,
} from '@redis/client';
import type { Written } from './classify.ts';
import type { NodeNames } from './connection.ts';
import type { OpenOperation } from './operations.ts';
import { codeOf, redirectedBy } from './redirected-by.ts';
import type { Connection, Sent } from './sent.ts';
import type { WaitOptions } from './workload.ts';

/**
 * What node-redis tells of each sending of a command to a node, over its diagnostics channel; `error` is there when it
 * was rejected. https://github.com/redis/node-redis/blob/master/docs/diagnostics-channel.md
 */
interface Told {
  command: string;
  serverAddress: string;
  serverPort: number;
  error?: unknown;
}

/** One sending: to which node, and what was known of the connection then. */
interface Sending {
  told: Told;
  address: string;
  /** Whether it may have been written at once. */
  wasOpen: boolean;
  connects: number;
}

/** Whose sendings are those that happen now. */
const present = new AsyncLocalStorage<SentByNodeRedis>();
subscribe(`tracing:${CHANNELS.TRACE_COMMAND}:start`, (told) => present.getStore()?.sending(told as Told));

const clusterWith = (options: RedisClusterOptions) => createCluster(options);
type Cluster = ReturnType<typeof clusterWith>;

/** One node-redis cluster client: a connection to each primary, which it keeps and opens again by itself. */
export class NodeRedisConnection implements Connection {
  readonly cluster: Cluster;
  readonly nodes: NodeNames;
  /** Of a connection that failed: it rejects whatever waits there, so none of these is a command's own answer. */
  readonly ofConnections = new WeakSet<object>();
  private readonly opened: Promise<void>;
  private readonly sockets = new Map<string, { connects: number; isOpen: boolean }>();

  constructor(options: RedisClusterOptions, nodes: NodeNames) {
    this.nodes = nodes;
    this.cluster = clusterWith(options);
    // Without a listener an error ends the process.
    this.cluster.on('error', () => {});
    this.cluster.on('node-connect', (at: { host: string; port: number }) => {
      const socket = this.socketTo(`${at.host}:${at.port}`);
      socket.connects++;
      socket.isOpen = true;
    });
    this.cluster.on('node-error', (error: Error, at: { host: string; port: number }) => {
      this.ofConnections.add(error);
      this.socketTo(`${at.host}:${at.port}`).isOpen = false;
    });
    this.opened = this.cluster.connect().then(() => {});
    // It may fail before anybody waits for it.
    this.opened.catch(() => {});
  }

  get isReady(): boolean {
    return this.cluster.isReady;
  }

  send(operation: OpenOperation): Sent {
    return new SentByNodeRedis(this, operation);
  }

  whenReady(): Promise<void> {
    return this.opened;
  }

  disconnect(): void {
    this.cluster.destroy();
  }

  /** How often there was a connection to this address, and whether there may be one now. */
  socketTo(address: string): { connects: number; isOpen: boolean } {
    const known = this.sockets.get(address) ?? { connects: 0, isOpen: false };
    this.sockets.set(address, known);
    return known;
  }
}

class SentByNodeRedis implements Sent {
  readonly reply: Promise<unknown>;
  private readonly connection: NodeRedisConnection;
  private readonly command: string;
  /** All but the last were refused: node-redis sends on after MOVED and ASK, and for no other reason. */
  private readonly sendings: Sending[] = [];
  private end: 'open' | 'resolved' | { error: unknown } = 'open';
  private connectsAtEnd = 0;

  constructor(connection: NodeRedisConnection, operation: OpenOperation) {
    this.connection = connection;
    this.command = commands[operation.f];
    this.reply = present
      .run(this, () => issue(connection.cluster, operation))
      .then(
        (reply) => {
          this.end = 'resolved';
          this.connectsAtEnd = connection.socketTo(this.sendings.at(-1)?.address ?? '').connects;
          return reply;
        },
        (error: unknown) => {
          this.end = { error };
          throw this.inWords(error);
        },
      );
  }

  /** Called when the command is given to the client of a node; what else is sent meanwhile (ASKING, CLUSTER SLOTS) is not it. */
  sending(told: Told): void {
    if (told.command !== this.command) return;
    const address = `${told.serverAddress}:${told.serverPort}`;
    const { isOpen, connects } = this.connection.socketTo(address);
    const client = this.connection.cluster.nodeByAddress.get(address)?.client;
    this.sendings.push({ told, address, connects, wasOpen: isOpen || client?.isReady === true });
  }

  get node(): string | null {
    const last = this.sendings.at(-1);
    if (last === undefined || this.end === 'open') return null;
    if (this.end !== 'resolved') {
      const { error } = this.end;
      const own = error instanceof Error && error.cause !== undefined ? error.cause : error;
      if (own !== last.told.error || !this.isAnswered(last)) return null;
    }
    return this.connection.nodes[last.address] ?? last.address;
  }

  get written(): Written {
    const last = this.sendings.at(-1);
    if (last === undefined) return 'never';
    if (this.end === 'open' || this.end === 'resolved') return 'once';
    if (this.isAnswered(last)) return 'refused';
    if (this.wasWritten(last)) return 'once';
    return this.sendings.length > 1 ? 'refused' : 'never';
  }

  get redirects(): number {
    return Math.max(0, this.sendings.length - 1);
  }

  get redirectedBy(): string | null {
    return redirectedBy(this.sendings.slice(0, -1).map(({ told }) => codeOf(told.error)));
  }

  async confirm({ replicas, timeoutMs }: WaitOptions): Promise<number | null> {
    const { cluster } = this.connection;
    const address = this.sendings.at(-1)?.address ?? '';
    const isSame = () => this.connection.socketTo(address).connects === this.connectsAtEnd;
    const client = cluster.nodeByAddress.get(address)?.client;
    if (client?.isReady !== true || !isSame()) return null;
    const confirmed = await client.wait(replicas, timeoutMs);
    return isSame() ? confirmed : null;
  }

  private isAnswered({ told: { error } }: Sending): boolean {
    return error instanceof ErrorReply && !this.connection.ofConnections.has(error);
  }

  /**
   * Whether a sending that was rejected without an answer may have been written. A connection writes whatever waits as soon as
   * its socket stands, before it is ready (client/index.js, socketInitiator), and what is rejected with the connection may
   * have waited or not.
   */
  private wasWritten({ told: { error }, address, wasOpen, connects }: Sending): boolean {
    if (isBeforeWriting(error)) return false;
    return wasOpen || this.connection.socketTo(address).connects > connects;
  }

  /** The error as `classify` knows it: a node's answer has ioredis' name, and what is not written in time has words. */
  private inWords(error: unknown): unknown {
    const last = this.sendings.at(-1);
    if (last !== undefined && error === last.told.error && this.isAnswered(last))
      return Object.assign(error as Error, { name: 'ReplyError' });
    return isTimeout(error) ? new Error('Not written in time', { cause: error }) : error;
  }
}

/** Rejections of commands that wait to be written, or that are not even let in (client/index.js, sendCommand; commands-queue.js). */
function isBeforeWriting(error: unknown): boolean {
  return (
    isTimeout(error) ||
    error instanceof ClientClosedError ||
    error instanceof ClientOfflineError ||
    (error instanceof Error && error.message === 'The queue is full')
  );
}

/** `commandOptions.timeout`, which ends with the writing; it has no message. Its subclasses are about maintenance of Redis Enterprise. */
function isTimeout(error: unknown): boolean {
  return error instanceof TimeoutError && error.constructor === TimeoutError;
}

const commands = { add: 'SADD', write: 'SET', read: 'GET', increment: 'INCR' } as const;

function issue(cluster: Cluster, { f, key, value }: OpenOperation): Promise<unknown> {
  switch (f) {
    case 'add':
      return cluster.sAdd(key, String(value ?? 0));
    case 'write':
      return cluster.set(key, value ?? 0);
    case 'read':
      return cluster.get(key);
    case 'increment':
      return cluster.incr(key);
  }
}
