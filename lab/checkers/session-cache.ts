import type { MetricSeries } from '../history/observations.ts';
import { counterTotal } from './counter-total.ts';

/** What the instances counted of their stores of sessions, together. null: nobody counted. */
export interface SessionCacheFigures {
  /** Sessions looked up in Redis. */
  redisReads: number | null;
  /** Share of look-ups that the local caches answered, so that Redis was not read; null without a local cache. */
  readsSavedShare: number | null;
  /** Sessions read from Redis and not kept, because an invalidation overtook them. */
  overtakenFills: number | null;
}

/** What an instance counted after it was last asked is missing. */
export function sessionCache(metrics: readonly MetricSeries[]): SessionCacheFigures {
  const count = (name: string) => {
    const series = metrics.filter((one) => one.name === `sessions_${name}_total`);
    return series.length === 0 ? null : series.reduce((sum, { values }) => sum + counterTotal(values), 0);
  };
  const hits = count('local_hits') ?? 0;
  const looked = hits + (count('local_misses') ?? 0);
  return {
    redisReads: count('redis_reads'),
    readsSavedShare: looked === 0 ? null : Math.round((hits / looked) * 1e4) / 1e4,
    overtakenFills: count('overtaken_fills'),
  };
}
