import { Redis } from 'ioredis';
import { UsageError } from '../common/errors.ts';
import type { Prng } from '../common/prng.ts';
import { Connection, type NodeNames } from './connection.ts';
import type { Endpoint } from './protocol.ts';
import { type ClientOptions, type IoredisOptions, toIoredisOptions } from './redis-options.ts';

/** Opens one ioredis client with a workload's options; `role` as the workload says, unless given. It connects by itself. */
export function connect(
  endpoint: Endpoint,
  options: ClientOptions,
  nodes: NodeNames,
  random: Prng,
  role?: 'slave',
): Connection {
  const first = options.spreadSentinels ? random.next() : 0;
  const all: IoredisOptions = Object.assign(toIoredisOptions(options, random.next), where(endpoint, first));
  if (role !== undefined) all.role = role;
  const redis = new Redis(all);
  const { connectAgainAfterEndMs: ms } = options;
  // When that fails it ends again, and so comes back here.
  if (ms !== undefined) redis.on('end', () => setTimeout(() => redis.connect().catch(() => {}), ms));
  return new Connection(redis, nodes);
}

/** `first`, in [0, 1), says with which of the Sentinels the list begins. */
function where(endpoint: Endpoint, first: number): IoredisOptions {
  const { username, password } = endpoint;
  const login = { ...(username ? { username } : {}), ...(password ? { password } : {}) };
  if ('sentinels' in endpoint) {
    const { sentinels, group } = endpoint;
    const at = Math.floor(first * sentinels.length);
    return { sentinels: [...sentinels.slice(at), ...sentinels.slice(0, at)], name: group, ...login };
  }
  if ('cluster' in endpoint) throw new UsageError('expected one server or Sentinels, got a cluster');
  return { host: endpoint.host, port: endpoint.port, ...login };
}

/** A server asked for by its address is what it is: only Sentinel can name a replica. Throws UsageError. */
export function requireSentinelForReplicas(endpoint: Endpoint, workloadName: string): void {
  if (!('host' in endpoint)) return;
  throw new UsageError(
    `workload "${workloadName}": readFrom: 'replica' needs a topology with Sentinels, got one server (${endpoint.host}:${endpoint.port})`,
  );
}
