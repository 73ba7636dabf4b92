import { type AppConfig, ROLES, type Role } from '../config.ts';
import type { RoleConnections } from '../redis/role-connections.ts';
import type { ReadinessChecks } from './readiness.ts';

/**
 * A check `redis-<role>` for each role: whether the connections that the parts have opened are up. A role whose
 * absence the configuration provides for makes the instance degraded, not unready; only while it starts, for as
 * long as a connect may take, it waits for those too.
 */
export function roleChecks(config: AppConfig, redis: RoleConnections, checks: ReadinessChecks): void {
  const startedAt = performance.now();
  for (const role of ROLES) {
    const patientUntil = startedAt + config.clients[role].connectTimeoutMs;
    const check = async () => {
      const away = redis.of(role).filter((client) => client.status !== 'ready');
      return away.length === 0 ? null : `${away.length} of ${redis.of(role).length} connections are away`;
    };
    checks.add(`redis-${role}`, check, () => isRequired(config, role) || performance.now() < patientUntil);
  }
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
