import type { Redis } from 'ioredis';
import type { Written } from './classify.ts';

/** Names of nodes by the address that they announce, `host:port`. */
export type NodeNames = Readonly<Record<string, string>>;

/**
 * One ioredis instance, with what it does not tell: which node its socket leads to, and how often it has
 * become ready. Both are kept at each connect, nothing is looked up per operation.
 */
export class Connection {
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

  /** Resolves when the connection can be used; rejects when ioredis gives up for good. */
  whenReady(): Promise<void> {
    if (this.redis.status === 'ready') return Promise.resolve();
    return new Promise((resolve, reject) => {
      let last: Error | undefined;
      this.redis.on('error', (error: Error) => {
        last = error;
      });
      this.redis.once('ready', () => resolve());
      this.redis.once('end', () => reject(last ?? new Error('the client ended before it was ready')));
    });
  }
}

function nodeAt(address: string | undefined, port: number | undefined, nodes: NodeNames): string | null {
  // Closed again already.
  if (address === undefined) return null;
  const where = `${address.replace(/^::ffff:/, '')}:${port}`;
  return nodes[where] ?? where;
}
