import type { NodeAddress } from '../mesh/address-book.ts';
import { sentinelAccess } from './access.ts';
import { configurationText, type Directives, sentinelDirectives } from './directives.ts';
import { REDIS_PORT, SENTINEL_GROUP, SENTINEL_PORT, type SentinelOptions } from './sentinel-options.ts';
import { quorumOf } from './sentinel-plan.ts';
import type { Timing } from './timing.ts';

/** A Sentinel's configuration, monitoring the first primary; `own` is what is for this Sentinel alone. */
export function sentinelConfiguration(
  address: NodeAddress,
  primary: NodeAddress,
  options: SentinelOptions,
  own: Directives,
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
      ...sentinelAccess(options.redis ?? {}),
    }),
    sentinelDirectives(SENTINEL_GROUP, options.sentinel ?? {}),
    sentinelDirectives(SENTINEL_GROUP, own),
  );
}
