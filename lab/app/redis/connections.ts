import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { AppConfig, Role } from '../config.ts';
import type { ConnectionWish, RedisClient } from '../context.ts';

type Server = AppConfig['redis'][Role];
type Client = AppConfig['clients'][Role];

/** What a connection is opened with. */
export interface ConnectionPlan {
  /** CLIENT SETNAME: shows in CLIENT LIST whose connection it is. */
  name: string;
  server: Server;
  client: Client;
  readFrom: 'primary' | 'replica';
}

/**
 * Opens a connection to a single server, a Sentinel group's node or a cluster; it connects by itself and again
 * whenever it is lost, for ever, until `disconnect()`. An error event never ends the process: who sends a command
 * hears of it.
 */
export function openConnection(plan: ConnectionPlan): RedisClient {
  const client = plan.server.kind === 'cluster' ? cluster(plan, plan.server) : new Redis(redisOptions(plan));
  client.on('error', () => {});
  return client;
}

/** The wish's overrides on top of the role's settings. */
export function planConnection(config: AppConfig, role: Role, wish: ConnectionWish): ConnectionPlan {
  return {
    name: `${config.instance}:${role}:${wish.purpose}`,
    server: config.redis[role],
    client: { ...config.clients[role], ...wish.client },
    readFrom: wish.readFrom ?? 'primary',
  };
}

type PlainOptions = Omit<RedisOptions, 'replyMapping'>;

/** ioredis' options for a plan; public for libraries that open connections themselves. */
export function redisOptions(plan: ConnectionPlan): PlainOptions {
  const { server, client } = plan;
  const options = nodeOptions(plan);
  options.retryStrategy = delay(client.retryDelayMs);
  options.enableOfflineQueue = client.offlineQueue;
  if (server.kind === 'single') return Object.assign(options, { host: server.host, port: server.port });
  if (server.kind === 'cluster') return options;
  return Object.assign(options, {
    sentinels: [...server.sentinels],
    name: server.group,
    role: plan.readFrom === 'replica' ? ('slave' as const) : ('master' as const),
    failoverDetector: client.failoverDetector,
    sentinelRetryStrategy: delay(client.retryDelayMs),
    sentinelReconnectStrategy: delay(client.retryDelayMs),
    sentinelCommandTimeout: client.connectTimeoutMs,
  });
}

function nodeOptions({ name, server, client }: ConnectionPlan): PlainOptions {
  const options: PlainOptions = {
    connectionName: name,
    connectTimeout: client.connectTimeoutMs,
    maxRetriesPerRequest: retries(client),
    autoResendUnfulfilledCommands: client.resend,
  };
  if (client.commandTimeoutMs !== null) options.commandTimeout = client.commandTimeoutMs;
  if (client.socketTimeoutMs !== null) options.socketTimeout = client.socketTimeoutMs;
  // 1: leave this server, and let the command fail; it has done nothing.
  if (client.leaveReadonly)
    options.reconnectOnError = (error) => (error.message.startsWith('READONLY') ? 1 : false);
  if (server.username !== undefined) options.username = server.username;
  if (server.password !== undefined) options.password = server.password;
  return options;
}

/**
 * A command that was under way when its connection broke, and is not to be sent again, is refused by ioredis 6.0 at
 * once only with `maxRetriesPerRequest` 0; otherwise it waits for its timeout, or for ever (redis/ioredis#2193).
 * Without an offline queue nothing else goes by that number.
 */
function retries({ maxRetriesPerRequest, resend, offlineQueue }: Client): number | null {
  return maxRetriesPerRequest !== null && !resend && !offlineQueue ? 0 : maxRetriesPerRequest;
}

function cluster(plan: ConnectionPlan, server: Extract<Server, { kind: 'cluster' }>): Cluster {
  const { client } = plan;
  const redisOptions: PlainOptions = nodeOptions(plan);
  const connection = new Cluster([...server.nodes], {
    redisOptions,
    enableOfflineQueue: client.offlineQueue,
    scaleReads: plan.readFrom === 'replica' ? 'slave' : 'master',
    clusterRetryStrategy: delay(client.retryDelayMs),
    slotsRefreshTimeout: client.connectTimeoutMs,
    // A redirect is followed; a node that went away is an error at once, or the command might run twice.
    retryDelayOnFailover: client.resend ? 100 : 0,
  });
  // By itself it connects to a node with the first command for it, and without an offline queue refuses the next ones
  // until that is done, its own first question (CLUSTER INFO) too. Each table of slots may bring new nodes.
  const connectAll = () => {
    if (connection.status !== 'ready') return;
    for (const node of connection.nodes(plan.readFrom === 'replica' ? 'all' : 'master'))
      if (node.status === 'wait') node.connect().catch(() => {});
  };
  connection.on('ready', connectAll);
  connection.on('refresh', connectAll);
  return connection;
}

function delay({ from, to, jitter }: Client['retryDelayMs']): (attempt: number) => number {
  return (attempt) => {
    const base = Math.min(to, from * 2 ** Math.min(attempt - 1, 30));
    return Math.round(base * (1 - jitter * Math.random()));
  };
}
