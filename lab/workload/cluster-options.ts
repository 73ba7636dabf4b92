import type { ClusterOptions } from 'ioredis';
import { type ClientOptions, delayStrategy, type IoredisOptions, toIoredisOptions } from './redis-options.ts';

/** Options that ioredis' Cluster takes itself, under the same names. */
const ofTheCluster = [
  ...(['maxRedirections', 'retryDelayOnMoved', 'retryDelayOnFailover', 'retryDelayOnClusterDown'] as const),
  ...(['retryDelayOnTryAgain', 'slotsRefreshInterval', 'slotsRefreshTimeout', 'scaleReads'] as const),
  ...(['enableOfflineQueue', 'enableReadyCheck'] as const),
];

/**
 * A workload's options as ioredis' Cluster takes them: those of a connection go to each node's, the others to the
 * cluster's client. `retryDelay`, and what concerns Sentinels, says nothing here: ioredis gives each node's
 * connection `clusterNodeRetryStrategy` instead (cluster/ConnectionPool.js). `random` returns numbers in [0, 1).
 */
export function toClusterOptions(
  options: ClientOptions,
  login: { username?: string; password?: string },
  random: () => number,
): Omit<ClusterOptions, 'redisOptions'> & { redisOptions: IoredisOptions } {
  const { clusterRetryDelay, clusterNodeRetryDelay } = options;
  // A cluster's client queues for a node until that one's connection stands, whatever it does itself when it has none.
  const { enableOfflineQueue: _, retryStrategy: __, ...ofNodes } = toIoredisOptions(options, random);
  return {
    ...Object.fromEntries(
      ofTheCluster.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
    ),
    ...(clusterRetryDelay === undefined
      ? {}
      : { clusterRetryStrategy: delayStrategy(clusterRetryDelay, random) }),
    ...(clusterNodeRetryDelay === undefined
      ? {}
      : { clusterNodeRetryStrategy: delayStrategy(clusterNodeRetryDelay, random) }),
    redisOptions: { ...ofNodes, ...login },
  };
}
