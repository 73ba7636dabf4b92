import { Cluster } from 'ioredis';
import type { AppContext, RedisClient } from '../context.ts';
import { clusterSubscriber } from './cluster-subscriber.ts';

/** A connection that hears what is published on its channels. */
export interface Subscriber {
  readonly status: string;
  on(event: 'ready' | 'close', heard: () => void): unknown;
  on(event: 'message', heard: (channel: string, message: string) => void): unknown;
  /** Resolves when the server has confirmed it. It ends with the connection, and has to be asked for again after `ready`. */
  subscribe(...channels: string[]): Promise<unknown>;
  /** Drops the connection and opens another. */
  disconnect(): void;
  /** Drops it for good. */
  end(): void;
}

/** What a role's instances tell each other something by. */
export interface Meeting {
  role: 'sessions' | 'cache';
  /** Names the subscriber's connection. */
  purpose: string;
  channel: string;
  /** The role's connection for commands. */
  commands: RedisClient;
}

/** A connection of its own, in a cluster to the node that the setting `invalidation` asks for. */
export function openSubscriber({ config, redis }: AppContext, meeting: Meeting): Subscriber {
  const { role, purpose, channel, commands } = meeting;
  if (commands instanceof Cluster) return clusterSubscriber(commands, config[role].invalidation, channel);
  // A subscription is silent by nature; whether it is alive is found out by beats.
  const client = redis(role, { purpose, client: { commandTimeoutMs: null, socketTimeoutMs: null } });
  return {
    get status() {
      return client.status;
    },
    on: (event: string, heard: (...args: string[]) => void) => client.on(event, heard),
    subscribe: (...channels) => client.subscribe(...channels),
    disconnect: () => client.disconnect(true),
    end: () => client.disconnect(),
  };
}
