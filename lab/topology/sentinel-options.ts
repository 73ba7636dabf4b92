import type { Directives } from './directives.ts';
import type { Timing } from './timing.ts';

export interface SentinelOptions {
  /** Replicas of the one primary. Default 2. */
  replicas?: number;
  /** Sentinel processes. Default 3. */
  sentinels?: number;
  /** Sentinels that must agree that the primary is down. Default: their majority. */
  quorum?: number;
  /**
   * Which node runs on which host, by name: `{ 'sentinel-1': 'host-2' }`. Data nodes are `redis-1` (the first
   * primary), `redis-2`, …; Sentinels `sentinel-1`, …. Default: `redis-N` on `host-N`, `sentinel-N` beside it.
   */
  placement?: Readonly<Record<string, string>>;
  /** Named groups of the nodes' hosts: `{ east: ['host-1'], west: ['host-2', 'host-3'] }`. */
  zones?: Readonly<Record<string, readonly string[]>>;
  /** redis.conf directives for all data nodes. */
  redis?: Directives;
  /** sentinel.conf directives for all Sentinels; per-group ones without the group's name: `{ 'parallel-syncs': 2 }`. */
  sentinel?: Directives;
  /** Directives for one node, over those for all: `{ 'redis-2': { 'replica-priority': 0 } }`. */
  nodes?: Readonly<Record<string, Directives>>;
  /** Clocks of this topology where they differ from the run's timing. */
  timing?: Partial<Pick<Timing, 'downAfterMs' | 'failoverTimeoutMs'>>;
}

/** The name under which the Sentinels monitor the primary. */
export const SENTINEL_GROUP = 'lab';
export const REDIS_PORT = 6379;
export const SENTINEL_PORT = 26379;
