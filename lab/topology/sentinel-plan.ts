import { UsageError } from '../common/errors.ts';
import { count, numbered, placed } from './placement.ts';
import { REDIS_PORT, SENTINEL_PORT, type SentinelOptions } from './sentinel-options.ts';
import type { TopologyPlan } from './topology.ts';

const WHO = 'sentinel()';

/** Hosts and nodes of a Sentinel group. Throws UsageError, see `sentinel`. */
export function sentinelPlan(options: SentinelOptions): TopologyPlan {
  const replicas = count(WHO, 'replicas', options.replicas ?? 2, 0);
  const sentinels = count(WHO, 'sentinels', options.sentinels ?? 3, 1);
  const quorum = count(WHO, 'quorum', quorumOf(options), 1);
  if (quorum > sentinels) {
    throw new UsageError(
      `${WHO}: quorum: expected at most the number of sentinels (${sentinels}), got ${quorum}`,
    );
  }
  const nodes = [
    ...numbered('redis', replicas + 1, REDIS_PORT),
    ...numbered('sentinel', sentinels, SENTINEL_PORT),
  ];
  return {
    text: `1 primary, ${replicas} replicas, ${sentinels} Sentinels (quorum ${quorum})`,
    ...placed(WHO, nodes, options),
  };
}

/** As given, or the majority of the Sentinels. */
export function quorumOf(options: SentinelOptions): number {
  return options.quorum ?? Math.floor((options.sentinels ?? 3) / 2) + 1;
}
