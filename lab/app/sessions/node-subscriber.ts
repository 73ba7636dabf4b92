import { EventEmitter } from 'node:events';
import type { Cluster, Redis } from 'ioredis';

const CHANGE_AFTER_MS = 100;

/** What listening for revocations needs of a connection; ioredis' own connections to one server have it. */
export interface Subscriber {
  readonly status: string;
  on(event: 'ready' | 'close', heard: () => void): unknown;
  on(event: 'message', heard: (channel: string, message: string) => void): unknown;
  subscribe(...channels: string[]): Promise<unknown>;
  /** Drops the connection and opens another. */
  disconnect(reconnect: boolean): void;
}

/**
 * A subscription to any one node of a cluster, which hears what is published on all of them. ioredis' cluster
 * client subscribes by itself, but moves to another node without telling anybody that messages were missed.
 */
export function nodeSubscriber(cluster: Cluster): Subscriber & { end(): void } {
  const events = new EventEmitter();
  let node: Redis | undefined;
  let timer: NodeJS.Timeout | undefined;
  let ended = false;

  const open = () => {
    if (ended) return;
    const nodes = cluster.nodes('all');
    const chosen = nodes[Math.floor(Math.random() * nodes.length)];
    if (chosen === undefined) return again();
    const mine = chosen.duplicate({
      lazyConnect: false,
      // Its successor is another node, perhaps.
      retryStrategy: () => null,
      enableOfflineQueue: false,
    });
    // A subscription is silent by nature; whether it is alive is found out by beats.
    delete mine.options.commandTimeout;
    delete mine.options.socketTimeout;
    node = mine;
    mine.on('error', () => {});
    mine.on('ready', () => events.emit('ready'));
    mine.on('message', (channel: string, message: string) => events.emit('message', channel, message));
    mine.on('end', () => {
      events.emit('close');
      again();
    });
  };
  const again = () => {
    timer = setTimeout(open, CHANGE_AFTER_MS);
  };
  open();

  return {
    get status() {
      return node?.status ?? 'wait';
    },
    on: (event: string, heard: (...args: string[]) => void) => events.on(event, heard),
    subscribe: (...channels) => node?.subscribe(...channels) ?? Promise.reject(new Error('no node yet')),
    disconnect: () => node?.disconnect(),
    end() {
      ended = true;
      clearTimeout(timer);
      node?.disconnect();
    },
  };
}
