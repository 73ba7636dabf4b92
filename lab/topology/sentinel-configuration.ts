import type { NodeAddress } from '../mesh/address-book.ts';
import { configurationText, sentinelDirectives } from './directives.ts';
import { REDIS_PORT, SENTINEL_GROUP, SENTINEL_PORT, type SentinelOptions } from './sentinel-options.ts';
import { quorumOf } from './sentinel-plan.ts';
import type { Timing } from './timing.ts';

/** A data node's redis.conf: what the mesh needs, then what the scenario asks for. */
export function redisConfiguration(address: NodeAddress, options: SentinelOptions, timing: Timing): string {
  return configurationText(
    {
      port: REDIS_PORT,
      bind: `${address.direct} ${address.announced}`,
      'protected-mode': 'no',
      'replica-announce-ip': address.announced,
      'replica-announce-port': REDIS_PORT,
      'enable-debug-command': 'yes',
      ...(timing.name === 'fast' ? { 'repl-diskless-sync-delay': 0 } : {}),
    },
    options.redis ?? {},
    options.nodes?.[address.name] ?? {},
  );
}

/** A Sentinel's configuration, monitoring the first primary. */
export function sentinelConfiguration(
  address: NodeAddress,
  primary: NodeAddress,
  options: SentinelOptions,
  timing: Timing,
): string {
  return configurationText(
    {
      port: SENTINEL_PORT,
      bind: `${address.direct} ${address.announced}`,
      'protected-mode': 'no',
      'sentinel announce-ip': address.announced,
      'sentinel announce-port': SENTINEL_PORT,
      [`sentinel monitor ${SENTINEL_GROUP}`]: `${primary.announced} ${REDIS_PORT} ${quorumOf(options)}`,
    },
    sentinelDirectives(SENTINEL_GROUP, {
      'down-after-milliseconds': timing.downAfterMs,
      'failover-timeout': timing.failoverTimeoutMs,
    }),
    sentinelDirectives(SENTINEL_GROUP, options.sentinel ?? {}),
    sentinelDirectives(SENTINEL_GROUP, options.nodes?.[address.name] ?? {}),
  );
}
