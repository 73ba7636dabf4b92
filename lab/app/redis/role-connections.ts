import type { FastifyBaseLogger } from 'fastify';
import type { AppConfig, Role } from '../config.ts';
import type { ConnectionWish, RedisClient } from '../context.ts';
import { openConnection, planConnection } from './connections.ts';
import { observeLatency } from './observe-latency.ts';

/** How long a commandless moment lasts before a client that ended by itself is told to connect again. */
const CONNECT_AGAIN_MS = 200;

/** All connections of an instance, by role and purpose. */
export interface RoleConnections {
  open(role: Role, wish?: ConnectionWish): RedisClient;
  /** Connections of this role that are open or opening. */
  of(role: Role): readonly RedisClient[];
  close(): void;
}

/** Keeps one connection for each role and purpose. `observe` hears how long each command took, in seconds. */
export function roleConnections(
  config: AppConfig,
  log: FastifyBaseLogger,
  observe: (role: Role, seconds: number, isOk: boolean) => void,
): RoleConnections {
  const clients = new Map<string, { role: Role; client: RedisClient }>();
  let isClosed = false;

  const open = (role: Role, wish: ConnectionWish): RedisClient => {
    const client = openConnection(planConnection(config, role, wish));
    const where = { role, purpose: wish.purpose };
    let last = '';
    client.on('error', (error: Error) => {
      // A reconnecting client says the same several times a second.
      if (error.message !== last) log.warn({ ...where, reason: error.message }, 'redis connection failed');
      last = error.message;
    });
    client.on('ready', () => {
      last = '';
      log.info(where, 'redis connection ready');
    });
    // A failover detector that hears of a switch during a connect ends the client for good.
    client.on('end', () => {
      if (isClosed) return;
      setTimeout(() => {
        if (!isClosed && client.status === 'end') client.connect().catch(() => {});
      }, CONNECT_AGAIN_MS).unref();
    });
    observeLatency(client, (seconds, isOk) => observe(role, seconds, isOk));
    return client;
  };

  return {
    open(role, wish = { purpose: 'requests' }) {
      const key = `${role}/${wish.purpose}/${wish.readFrom ?? 'primary'}`;
      const known = clients.get(key);
      if (known !== undefined) return known.client;
      const client = open(role, wish);
      clients.set(key, { role, client });
      return client;
    },
    of: (role) => [...clients.values()].filter((each) => each.role === role).map(({ client }) => client),
    close() {
      isClosed = true;
      for (const { client } of clients.values()) client.disconnect();
    },
  };
}
