import type { MetricSeries } from '../history/observations.ts';
import { type DatabaseTarget, databaseFigures } from './database-figures.ts';
import { type InstanceTarget, instanceFigures } from './instance-figures.ts';
import { metricColumns } from './metric-columns.ts';
import type { RunClock } from './run-clock.ts';

export interface MetricProbeOptions {
  /** PostgreSQL past the mesh; null in a run without. */
  database: DatabaseTarget | null;
  /** The application's instances, past the mesh. */
  instances: readonly InstanceTarget[];
  clock: RunClock;
  /** Period of the database's figures in ms. Default 100; an instance is asked half as often. */
  everyMs?: number;
}

export interface MetricProbe {
  /** What was heard up to now. */
  series(): MetricSeries[];
  /** Asks everybody once more, and stops asking. */
  stop(): Promise<void>;
}

/** Somebody who has figures. `ask` never rejects: one that does not answer leaves a gap. */
export interface FigureSource {
  ask(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Asks the database for `queries` by statement (pg_stat_statements: those that have ended well), `connections`,
 * `active_connections` and `transactions`, and each instance for its metrics `app_…`, here without that prefix. Who
 * has not answered yet is not asked again. Counters begin anew with their process.
 */
export function metricProbe({ database, instances, clock, everyMs = 100 }: MetricProbeOptions): MetricProbe {
  const columns = metricColumns();
  const sources = [
    ...(database === null ? [] : [{ source: databaseFigures(database, columns, clock), everyMs }]),
    ...instances.map((instance) => ({
      source: instanceFigures(instance, columns, clock),
      everyMs: 2 * everyMs,
    })),
  ].map((each) => repeated(each.source, each.everyMs));
  return {
    series: () => columns.series(),
    stop: async () => void (await Promise.all(sources.map((source) => source.stop()))),
  };
}

function repeated(source: FigureSource, everyMs: number): { stop(): Promise<void> } {
  let asking: Promise<void> | null = null;
  const ask = () => {
    asking ??= source.ask().finally(() => {
      asking = null;
    });
    return asking;
  };
  const timer = setInterval(ask, everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await asking;
      await ask();
      await source.close();
    },
  };
}
