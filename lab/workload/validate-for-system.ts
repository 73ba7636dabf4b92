import { UsageError } from '../common/errors.ts';
import type { ClientOptions } from './redis-options.ts';
import type { RedisWorkload } from './workload.ts';

/** The kinds of system that clients connect to, in words. */
const SYSTEMS = { cluster: 'a cluster', sentinel: 'Sentinels', standalone: 'a single server' } as const;

/** ioredis options that say nothing outside of a cluster. */
const ofClusters: readonly (keyof ClientOptions)[] = [
  ...(['maxRedirections', 'retryDelayOnFailover', 'retryDelayOnClusterDown', 'retryDelayOnMoved'] as const),
  ...(['retryDelayOnTryAgain', 'slotsRefreshInterval', 'slotsRefreshTimeout', 'scaleReads'] as const),
  ...(['clusterRetryDelay', 'clusterNodeRetryDelay'] as const),
];
/** Those that say nothing in one; `retryDelay`, because each node's connection has `clusterNodeRetryDelay` instead. */
const notOfClusters: readonly (keyof ClientOptions)[] = [
  ...(['role', 'failoverDetector', 'sentinelCommandTimeout', 'updateSentinels', 'spreadSentinels'] as const),
  ...(['sentinelMaxConnections', 'sentinelRetryDelay', 'sentinelReconnectDelay', 'retryDelay'] as const),
];

/**
 * Refuses options of a workload that say nothing to the kind of system its clients connect to. `where` begins every
 * message. Throws UsageError.
 */
export function validateForSystem(
  { redis, library, keySlots, ...workload }: RedisWorkload,
  system: keyof typeof SYSTEMS,
  where: string,
): void {
  const only = (field: string, expected: string) => {
    throw new UsageError(
      `${where}: ${field}: expected only with ${expected}, got it with ${SYSTEMS[system]}`,
    );
  };
  if (system === 'cluster') {
    const wrong = notOfClusters.find((name) => redis[name] !== undefined);
    if (wrong === 'retryDelay')
      only(
        'redis.retryDelay',
        'one server or Sentinels (a cluster has clusterRetryDelay and clusterNodeRetryDelay)',
      );
    if (wrong !== undefined) only(`redis.${wrong}`, SYSTEMS.sentinel);
    return;
  }
  const wrong = ofClusters.find((name) => redis[name] !== undefined);
  if (wrong !== undefined) only(`redis.${wrong}`, SYSTEMS.cluster);
  if (keySlots !== undefined) only('keySlots', SYSTEMS.cluster);
  if (library === 'node-redis') only("library: 'node-redis'", SYSTEMS.cluster);
  if (system === 'standalone' && workload.kind === 'registers' && workload.readFrom === 'replica')
    only("readFrom: 'replica'", 'Sentinels or a cluster');
}
