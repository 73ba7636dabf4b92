import { Counter, type Registry } from 'prom-client';

/** What the stores count. */
export type SessionMetrics = ReturnType<typeof sessionMetrics>;

/** Registers the counters `app_sessions_…_total`. */
export function sessionMetrics(registry: Registry) {
  const counter = (name: string, help: string) =>
    new Counter({ name: `app_sessions_${name}_total`, help, registers: [registry] });
  return {
    redisReads: counter('redis_reads', 'Sessions looked up in Redis'),
    redisWrites: counter('redis_writes', 'Sessions created, saved or revoked in Redis'),
    hits: counter('local_hits', 'Sessions found in the local cache'),
    misses: counter('local_misses', 'Sessions not found in the local cache'),
    evictions: counter('local_evictions', 'Sessions pushed out of the full local cache'),
    invalidations: counter('local_invalidations', 'Revoked sessions that were told of'),
    flushes: counter(
      'local_flushes',
      'Times the local cache was emptied because its subscription was interrupted',
    ),
    untold: counter('untold', 'Revoked sessions that the other instances could not be told of at first'),
    overtaken: counter(
      'overtaken_fills',
      'Sessions read from Redis and not kept, because told of while they were read',
    ),
    lostTouches: counter(
      'lost_touches',
      'Uses of sessions in the local cache that could not be told to Redis',
    ),
  };
}
