import { Counter, Gauge, type Registry } from 'prom-client';
import type { BreakerState } from './breaker.ts';

/** Where an answer came from, as the header `x-cache` says. */
export type Source = 'local' | 'hit' | 'stale' | 'fill' | 'bypass';

export interface CacheMetrics {
  reads: Counter<'result'>;
  misses: Counter;
  fills: Counter;
  coalesced: Counter;
  leaseWaits: Counter;
  discarded: Counter;
  refused: Counter;
  failures: Counter;
  flushes: Counter;
  missedInvalidations: Counter;
}

/** What the gauges show when they are asked. */
export interface CacheLevels {
  breaker(): BreakerState;
  localEntries(): number;
  unwritten(): number;
}

const STATES: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };

/** The cache's metrics in the application's registry. */
export function cacheMetrics(registry: Registry, levels: CacheLevels): CacheMetrics {
  const registers = [registry];
  const counter = (name: string, help: string) =>
    new Counter({ name: `app_cache_${name}_total`, help, registers });
  const gauge = (name: string, help: string, level: () => number) =>
    new Gauge({
      name: `app_cache_${name}`,
      help,
      registers,
      collect() {
        this.set(level());
      },
    });
  gauge('breaker_state', '0 closed, 1 half-open, 2 open.', () => STATES[levels.breaker()]);
  gauge('local_entries', 'Entries of the local tier.', levels.localEntries);
  gauge(
    'unwritten',
    'Acknowledged writes in this process that the database has yet to get.',
    levels.unwritten,
  );
  return {
    reads: new Counter({
      name: 'app_cache_reads_total',
      help: 'Reads that were answered, by where the answer came from.',
      labelNames: ['result'],
      registers,
    }),
    misses: counter('misses', 'Lookups that found nothing in Redis that could be served.'),
    fills: counter('fills', 'Reads of a product from the database.'),
    coalesced: counter('coalesced', 'Requests that joined a fill under way in this process.'),
    leaseWaits: counter('lease_waits', 'Requests that waited for another process to fill.'),
    discarded: counter('discarded_fills', 'Fills that were not stored because a write overtook them.'),
    refused: counter('refused_fills', 'Fills that found no place under the cap in time.'),
    failures: counter('failures', 'Reads and fills that Redis refused or did not answer.'),
    flushes: counter('flushes', 'Times that the local tier lost its trust after a gap in the invalidations.'),
    missedInvalidations: counter('missed_invalidations', 'Invalidations that Redis did not hear at first.'),
  };
}
