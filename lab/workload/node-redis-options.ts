import type { RedisClusterOptions } from '@redis/client';
import type { Endpoint } from './protocol.ts';
import { type Delay, delayStrategy } from './redis-options.ts';

/**
 * Options of node-redis 6's `createCluster` for a workload's clients, under node-redis' own names, as data. What is
 * left out stays node-redis' default.
 * https://github.com/redis/node-redis/blob/master/docs/clustering.md
 */
export interface NodeRedisOptions {
  /** Connect to a node when it is first needed. node-redis' default: false, to all primaries at once. */
  minimizeConnections?: boolean;
  /** How often an operation follows MOVED or ASK before it is rejected. node-redis' default: 16. */
  maxCommandRedirections?: number;
  /** Spread reads over a shard's primary and its replicas. node-redis' default: false; with `readFrom: 'replica'` true. */
  useReplicas?: boolean;
  /**
   * Milliseconds for which a lost connection has to be away until the client asks who owns which slots; it looks when it
   * tries to connect again. false: only MOVED makes it ask. node-redis' default: 5 000.
   */
  topologyRefreshOnReconnectionAttemptStrategy?: number | false;
  commandOptions?: {
    /**
     * Milliseconds until a command that is still waiting to be written is rejected. One that has been written waits for
     * ever. node-redis' default: 5 000.
     */
    timeout?: number;
  };
  /** What each node's connection is made with. */
  defaults?: {
    /** Commands that wait, for a connection or for an answer, at most. node-redis' default: no limit. */
    commandsQueueMaxLength?: number;
    /** Reject what is issued without a connection. node-redis' default: false, it is kept for later. */
    disableOfflineQueue?: boolean;
    /** Milliseconds between PINGs on a connection. node-redis' default: none. */
    pingInterval?: number;
    socket?: {
      /** Milliseconds to open a TCP connection. node-redis' default: 5 000. */
      connectTimeout?: number;
      /**
       * Milliseconds until a socket is destroyed on which nothing came and nothing was written, whether something is awaited
       * or not: each write begins it anew. With the default `reconnectStrategy` the node's connection is then closed for
       * good. node-redis' default: none.
       */
      socketTimeout?: number;
      /** TCP keep-alive. node-redis' default: true. */
      keepAlive?: boolean;
      /** Milliseconds until the first keep-alive probe. node-redis' default: 30 000. */
      keepAliveInitialDelay?: number;
      /** TCP_NODELAY. node-redis' default: true. */
      noDelay?: boolean;
      /**
       * Milliseconds between attempts to reconnect, or a delay that grows; false: the connection ends with its first
       * loss. node-redis' default: 50 ms doubling to 2 s plus up to 200 ms, but none after a socket timeout.
       */
      reconnectStrategy?: number | false | Delay;
    };
  };
}

/** The same options as `createCluster` takes them. `random` returns numbers in [0, 1). */
export function toNodeRedisOptions(
  { defaults = {}, ...options }: NodeRedisOptions,
  endpoint: Extract<Endpoint, { cluster: unknown }>,
  random: () => number,
): RedisClusterOptions {
  const { username, password, cluster } = endpoint;
  const { reconnectStrategy, ...socket } = defaults.socket ?? {};
  return {
    ...options,
    rootNodes: cluster.map(({ host, port }) => ({ socket: { host, port } })),
    defaults: {
      ...defaults,
      ...(username ? { username } : {}),
      ...(password ? { password } : {}),
      socket: {
        ...socket,
        ...(reconnectStrategy === undefined
          ? {}
          : { reconnectStrategy: strategyOf(reconnectStrategy, random) }),
      },
    },
  };
}

/** Delays count attempts from 1, node-redis from 0. */
function strategyOf(strategy: number | false | Delay, random: () => number) {
  if (typeof strategy !== 'object') return strategy;
  const delay = delayStrategy(strategy, random);
  return (retries: number) => delay(retries + 1) ?? false;
}
