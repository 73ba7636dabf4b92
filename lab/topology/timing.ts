import type { TimingName } from '../run/record.ts';

/**
 * The clocks of a topology. `production` has every period at its stock value; `fast` shortens them, so that
 * a failover takes one or two seconds instead of half a minute. A scenario's claim must hold in both.
 */
export interface Timing {
  name: TimingName;
  /** Sentinel's `down-after-milliseconds`: silence for this long is a subjective down. */
  downAfterMs: number;
  /** Sentinel's `failover-timeout`. */
  failoverTimeoutMs: number;
  /** Sentinel's periods, set by `SENTINEL DEBUG` (Redis ≥ 7.0): INFO, PING, asking other Sentinels, hello messages. */
  sentinelPeriods: Readonly<Record<string, number>>;
  /** The same, where they differ until the topology is ready: hello messages are how Sentinels discover each other. */
  discoveryPeriods: Readonly<Record<string, number>>;
  /**
   * After this long a returned primary has certainly been demoted: Sentinel demotes one that has claimed to be
   * a primary for 4 hello periods, as it learns from INFO (sentinel.c, sentinelRefreshInstanceInfo).
   */
  demotionMs: number;
  /**
   * Between two hello messages of a Sentinel: from the announcement of a switch by the first to that by the others,
   * or by the leader, which says it last but has answered with the new address all the time.
   */
  helloMs: number;
  /**
   * From a promotion to its announcement by every Sentinel at most: the leader looks at replicas once a second
   * during a failover, and tells the others with its next hello.
   */
  announceMs: number;
  /** `cluster-node-timeout`: silence for this long makes a node PFAIL, and a primary in a minority stop. */
  nodeTimeoutMs: number;
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
      // Not shorter: a replica may be promoted only if its INFO is younger than 5 of these, and while the primary
      // is down INFO comes once a second (sentinelSelectSlave); below 300 there is often "no good slave".
      'ping-period': 400,
      // Connections that a crash left half-open are given up after this instead of 15 s.
      'min-link-reconnect-period': 1000,
      'ask-period': 100,
      // Not shorter: Sentinels turn a replica that claims to be a primary back after 4 of these, and during a
      // failover they look at replicas only once a second (sentinel.c), so they would undo one in progress.
      'publish-period': 500,
    },
    discoveryPeriods: { 'publish-period': 100, 'ping-period': 100 },
    demotionMs: 4000,
    helloMs: 500,
    announceMs: 1000 + 500,
    nodeTimeoutMs: 1000,
    failoverBoundMs: 12_000,
  },
  production: {
    name: 'production',
    downAfterMs: 30_000,
    failoverTimeoutMs: 180_000,
    // The stock ones (sentinel.c), said aloud because discovery runs on shorter ones.
    sentinelPeriods: {
      'info-period': 10_000,
      'ping-period': 1000,
      'ask-period': 1000,
      'publish-period': 2000,
    },
    discoveryPeriods: { 'info-period': 100, 'ping-period': 100, 'publish-period': 100 },
    demotionMs: 30_000,
    helloMs: 2000,
    announceMs: 1000 + 2000,
    nodeTimeoutMs: 15_000,
    failoverBoundMs: 400_000,
  },
};
