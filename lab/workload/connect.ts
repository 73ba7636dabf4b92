import { Cluster, Redis } from 'ioredis';
import { UsageError } from '../common/errors.ts';
import type { Prng } from '../common/prng.ts';
import { ClusterConnection } from './cluster-connection.ts';
import { toClusterOptions } from './cluster-options.ts';
import { type NodeNames, ServerConnection } from './connection.ts';
import type { Endpoint } from './protocol.ts';
import { type ClientOptions, type IoredisOptions, toIoredisOptions } from './redis-options.ts';
import type { Connection } from './sent.ts';
import type { RedisWorkload } from './workload.ts';

/** Opens one more client of a workload, of whichever library; see `connect`. */
type Connector = (random: Prng, reads?: 'replica') => Connection;

/** How a workload's clients are opened. Throws UsageError where its library cannot be had with this endpoint. */
export async function connectorOf(
  { name, library, redis, nodeRedis = {} }: RedisWorkload,
  endpoint: Endpoint,
  nodes: NodeNames,
): Promise<Connector> {
  if (library !== 'node-redis') return (random, reads) => connect(endpoint, redis, nodes, random, reads);
  if (!('cluster' in endpoint))
    throw new UsageError(`workload "${name}": library: 'node-redis' needs a cluster`);
  // Only where it is asked for: it takes a tenth of a second to load.
  const [{ NodeRedisConnection }, { toNodeRedisOptions }] = await Promise.all([
    import('./node-redis-connection.ts'),
    import('./node-redis-options.ts'),
  ]);
  return (random, reads) => {
    const options = reads === undefined ? nodeRedis : { useReplicas: true, ...nodeRedis };
    return new NodeRedisConnection(toNodeRedisOptions(options, endpoint, random.next), nodes);
  };
}

/**
 * Opens one ioredis client with a workload's options: a `Cluster` where the endpoint is one, else a `Redis`. It
 * connects by itself. `reads: 'replica'` makes it one that reads from replicas: with Sentinels the connection is to
 * a replica, in a cluster `scaleReads` is 'slave' unless the options say something else.
 */
export function connect(
  endpoint: Endpoint,
  options: ClientOptions,
  nodes: NodeNames,
  random: Prng,
  reads?: 'replica',
): Connection {
  if ('cluster' in endpoint) {
    const scaled = reads === undefined ? options : { scaleReads: 'slave' as const, ...options };
    const all = toClusterOptions(scaled, login(endpoint), random.next);
    const cluster = new Cluster([...endpoint.cluster], all);
    connectAgain(cluster, options);
    return new ClusterConnection(cluster, nodes);
  }
  const first = options.spreadSentinels ? random.next() : 0;
  const all: IoredisOptions = Object.assign(toIoredisOptions(options, random.next), where(endpoint, first));
  if (reads !== undefined) all.role = 'slave';
  const redis = new Redis(all);
  connectAgain(redis, options);
  return new ServerConnection(redis, nodes);
}

function connectAgain(client: Redis | Cluster, { connectAgainAfterEndMs: ms }: ClientOptions): void {
  // When that fails it ends again, and so comes back here.
  if (ms !== undefined) client.on('end', () => setTimeout(() => client.connect().catch(() => {}), ms));
}

/** `first`, in [0, 1), says with which of the Sentinels the list begins. */
function where(endpoint: Exclude<Endpoint, { cluster: unknown }>, first: number): IoredisOptions {
  if ('sentinels' in endpoint) {
    const { sentinels, group } = endpoint;
    const at = Math.floor(first * sentinels.length);
    return {
      sentinels: [...sentinels.slice(at), ...sentinels.slice(0, at)],
      name: group,
      ...login(endpoint),
    };
  }
  return { host: endpoint.host, port: endpoint.port, ...login(endpoint) };
}

function login({ username, password }: Endpoint): { username?: string; password?: string } {
  return { ...(username ? { username } : {}), ...(password ? { password } : {}) };
}

/** A server asked for by its address is what it is: only Sentinel or a cluster can name a replica. Throws UsageError. */
export function requireReplicas(endpoint: Endpoint, workloadName: string): void {
  if (!('host' in endpoint)) return;
  throw new UsageError(
    `workload "${workloadName}": readFrom: 'replica' needs a topology with Sentinels or a cluster, got one server (${endpoint.host}:${endpoint.port})`,
  );
}
