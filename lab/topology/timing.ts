import type { TimingName } from '../run/record.ts';

/**
 * The clocks of a topology. `production` leaves every period at its stock value; `fast` shortens them, so that
 * a failover takes one or two seconds instead of half a minute. A scenario's claim must hold in both.
 */
export interface Timing {
  name: TimingName;
  /** Sentinel's `down-after-milliseconds`: silence for this long is a subjective down. */
  downAfterMs: number;
  /** Sentinel's `failover-timeout`. */
  failoverTimeoutMs: number;
  /** Sentinel's periods, set by `SENTINEL DEBUG` (Redis ≥ 7.0): INFO, PING, asking other Sentinels, hello messages. */
  sentinelPeriods: Readonly<Record<string, number>> | null;
  /**
   * After this long a returned primary has certainly been demoted: Sentinel demotes one that has claimed to be
   * a primary for 4 hello periods, as it learns from INFO (sentinel.c, sentinelRefreshInstanceInfo).
   */
  demotionMs: number;
  /** The longest a failover may take from the primary's death to `+switch-master`, when nothing else is broken. */
  failoverBoundMs: number;
}

export const TIMINGS: Readonly<Record<TimingName, Timing>> = {
  fast: {
    name: 'fast',
    downAfterMs: 1000,
    failoverTimeoutMs: 4000,
    sentinelPeriods: {
      'info-period': 100,
      'ping-period': 100,
      'ask-period': 100,
      'publish-period': 100,
    },
    demotionMs: 2000,
    failoverBoundMs: 12_000,
  },
  production: {
    name: 'production',
    downAfterMs: 30_000,
    failoverTimeoutMs: 180_000,
    sentinelPeriods: null,
    demotionMs: 30_000,
    failoverBoundMs: 400_000,
  },
};
