import type { Redis } from 'ioredis';
import { isReply, type Written } from './classify.ts';
import type { OpenOperation } from './operations.ts';
import type { Connection, Sent } from './sent.ts';
import type { WaitOptions } from './workload.ts';

/** Names of nodes by the address that they announce, `host:port`. */
export type NodeNames = Readonly<Record<string, string>>;

/**
 * One ioredis instance, with what it does not tell: which node its socket leads to, and how often it has
 * become ready. Both are kept at each connect, nothing is looked up per operation.
 */
export class ServerConnection implements Connection {
  readonly redis: Redis;
  /** The node at the other end of the present (or the last) socket; its address when nobody knows its name. */
  node: string | null = null;
  private readies = 0;

  constructor(redis: Redis, nodes: NodeNames) {
    this.redis = redis;
    redis.on('connect', () => {
      this.node = nodeAt(redis.stream.remoteAddress, redis.stream.remotePort, nodes);
    });
    redis.on('ready', () => {
      this.readies++;
    });
    // Without a listener ioredis prints each of them; an operation that meets one is recorded with it.
    redis.on('error', () => {});
  }

  get isReady(): boolean {
    return this.redis.status === 'ready';
  }

  send(operation: OpenOperation): Sent {
    return new SentToServer(this, this.firstCarrier(), operation);
  }

  /**
   * Which of the connections, counted by `ready`, would be the first to carry a command issued now. ioredis
   * writes at once when it is ready and its socket writable; otherwise the command waits for the next `ready`
   * (Redis.js, sendCommand; event_handler.js, readyHandler).
   */
  firstCarrier(): number {
    const writable = this.redis.status === 'ready' && this.redis.stream.writable;
    return writable ? this.readies : this.readies + 1;
  }

  /** How far a command can have come by now whose `firstCarrier` was this. */
  written(firstCarrier: number): Written {
    if (this.readies < firstCarrier) return 'never';
    return this.readies === firstCarrier ? 'once' : 'perhaps';
  }

  whenReady(): Promise<void> {
    return readyOrEnded(this.redis);
  }

  disconnect(): void {
    this.redis.disconnect();
  }
}

class SentToServer implements Sent {
  readonly reply: Promise<unknown>;
  readonly redirects = 0;
  readonly redirectedBy = null;
  node: string | null = null;
  private readonly connection: ServerConnection;
  private readonly firstCarrier: number;

  constructor(connection: ServerConnection, firstCarrier: number, operation: OpenOperation) {
    this.connection = connection;
    this.firstCarrier = firstCarrier;
    this.reply = issue(connection.redis, operation).then(
      (reply) => {
        this.node = connection.node;
        return reply;
      },
      (error: unknown) => {
        if (isReply(error) && this.written !== 'never') this.node = connection.node;
        throw error;
      },
    );
  }

  get written(): Written {
    return this.connection.written(this.firstCarrier);
  }

  confirm(wait: WaitOptions): Promise<number | null> {
    const { redis } = this.connection;
    return waitOn(redis, redis.stream, wait);
  }
}

/** WAIT on a client whose socket is still this one; null when it is not, before or after. */
export async function waitOn(
  redis: Redis,
  stream: object,
  { replicas, timeoutMs }: WaitOptions,
): Promise<number | null> {
  if (redis.status !== 'ready' || redis.stream !== stream || !redis.stream.writable) return null;
  const confirmed = await redis.wait(replicas, timeoutMs);
  return redis.stream === stream ? confirmed : null;
}

/** Resolves with a client's `ready`; rejects with its last error when it ends before. */
export function readyOrEnded(client: Pick<Redis, 'status' | 'on' | 'once'>): Promise<void> {
  if (client.status === 'ready') return Promise.resolve();
  return new Promise((resolve, reject) => {
    let last: Error | undefined;
    client.on('error', (error: Error) => {
      last = error;
    });
    client.once('ready', () => resolve());
    client.once('end', () => reject(last ?? new Error('the client ended before it was ready')));
  });
}

/** The name of the node at an address; the address when nobody knows it, null when there is none any more. */
export function nodeAt(
  address: string | undefined,
  port: number | undefined,
  nodes: NodeNames,
): string | null {
  // Closed again already.
  if (address === undefined) return null;
  const where = `${address.replace(/^::ffff:/, '')}:${port}`;
  return nodes[where] ?? where;
}

function issue(redis: Redis, { f, key, value }: OpenOperation): Promise<unknown> {
  switch (f) {
    case 'add':
      return redis.sadd(key, value ?? 0);
    case 'write':
      return redis.set(key, value ?? 0);
    case 'read':
      return redis.get(key);
    case 'increment':
      return redis.incr(key);
  }
}
