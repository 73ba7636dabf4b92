import type { Directives } from './directives.ts';
import type { PlacementOptions } from './placement.ts';
import type { Timing } from './timing.ts';

export interface SentinelOptions extends PlacementOptions {
  /** Replicas of the one primary. Default 2. */
  replicas?: number;
  /** Sentinel processes. Default 3. */
  sentinels?: number;
  /** Sentinels that must agree that the primary is down. Default: their majority. */
  quorum?: number;
  /** sentinel.conf directives for all Sentinels; per-group ones without the group's name: `{ 'parallel-syncs': 2 }`. */
  sentinel?: Directives;
  /** Clocks of this topology where they differ from the run's timing. */
  timing?: Partial<Pick<Timing, 'downAfterMs' | 'failoverTimeoutMs'>>;
}

/** The name under which the Sentinels monitor the primary. */
export const SENTINEL_GROUP = 'lab';
export const REDIS_PORT = 6379;
export const SENTINEL_PORT = 26379;
