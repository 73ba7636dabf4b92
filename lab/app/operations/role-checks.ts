import { Cluster } from 'ioredis';
import { type AppConfig, ROLES, type Role } from '../config.ts';
import type { RedisClient } from '../context.ts';
import type { RoleConnections } from '../redis/role-connections.ts';
import type { ReadinessChecks } from './readiness.ts';

/**
 * A check `redis-<role>` for each role: whether the connections that the parts have opened are up. A role whose
 * absence the configuration provides for makes the instance degraded, not unready; only while it starts, for as
 * long as a connect may take, it waits for those too, and in a cluster for the connection to every primary; later one
 * shard that is away makes nobody unready who can serve the others.
 */
export function roleChecks(config: AppConfig, redis: RoleConnections, checks: ReadinessChecks): void {
  const startedAt = performance.now();
  for (const role of ROLES) {
    const patientUntil = startedAt + config.clients[role].connectTimeoutMs;
    const check = async () => {
      const isStarting = performance.now() < patientUntil;
      const away = redis.of(role).filter((client) => !isUp(client, isStarting));
      return away.length === 0 ? null : `${away.length} of ${redis.of(role).length} connections are away`;
    };
    checks.add(`redis-${role}`, check, () => isRequired(config, role) || performance.now() < patientUntil);
  }
}

function isUp(client: RedisClient, isStarting: boolean): boolean {
  if (client.status !== 'ready') return false;
  if (!isStarting || !(client instanceof Cluster)) return true;
  return client.nodes('master').every(({ status }) => status === 'ready');
}

function isRequired({ cache, limits, jobs }: AppConfig, role: Role): boolean {
  switch (role) {
    case 'sessions':
      return true;
    // Where nothing ends the wait for the cache, nothing works without it; write-behind keeps writes there.
    case 'cache':
      return cache.readTimeoutMs === null || cache.strategy === 'write-behind';
    case 'limits':
      return limits.whenAway === 'closed';
    case 'jobs':
      return jobs.whenAway === 'fail';
  }
}
