import type { MetricSeries, Observations } from '../history/observations.ts';
import type { Checker, CheckResult } from './checker.ts';
import { counterTotal } from './counter-total.ts';
import { readOptions } from './options.ts';

/** Names of the series: what each instance has sent and what failed of it, and what the server has done. */
const SENT = 'database_queries_total';
const FAILED = 'database_failures_total';
const DONE = 'queries';

/**
 * Whether the application's own count of its database queries is the server's (pg_stat_statements), so that figures
 * made of either can be believed. Failed ones the server may have done or not: between `sent − failed` and `sent` its
 * count is right. Counters that began anew are added up; what a process counted after it was last asked is lost with
 * it, so after the end of one a difference decides nothing.
 *
 * Options: `name`; `maxShare` (default 0.01): the difference that is tolerated, as a share of what was sent.
 */
export function queryCounts(options: Readonly<Record<string, unknown>> = {}): Checker {
  const { name = 'query-counts', maxShare = 0.01 } = readOptions('query-counts', options, {
    maxShare: 'number',
  });
  return {
    name,
    verifies: `The application's count of its database queries is that of the server, but for ${maxShare * 100} %.`,
    doesNotVerify: 'Statements that carry no label, and when each query came.',
    check: ({ seen }) => {
      const { metrics = [] } = seen;
      const sent = byStatement(metrics, SENT);
      const failed = byStatement(metrics, FAILED);
      const done = byStatement(
        metrics.filter(({ source }) => !sent.sources.has(source)),
        DONE,
      );
      if (sent.sources.size === 0 || done.sources.size === 0)
        return {
          verdict: 'unknown',
          summary: 'one of the two counts is not there',
          figures: {},
          findings: [],
        };
      const statements = [...new Set([...sent.counts.keys(), ...done.counts.keys()])].filter(
        (s) => s !== 'unlabelled',
      );
      const difference = (statement: string) => {
        const [all, bad, by] = [sent, failed, done].map(({ counts }) => counts.get(statement) ?? 0) as [
          number,
          number,
          number,
        ];
        return by > all ? by - all : Math.min(0, by - (all - bad));
      };
      const differences = statements.map((statement) => [statement, difference(statement)] as const);
      const off = differences.reduce((total, [, by]) => total + Math.abs(by), 0);
      const [all, bad, by] = [sent, failed, done].map(({ counts }) =>
        statements.reduce((total, statement) => total + (counts.get(statement) ?? 0), 0),
      ) as [number, number, number];
      const isOff = off > maxShare * all;
      const ended = isOff && hasEnded(seen, new Set([...sent.sources, ...done.sources]));
      return conclude(isOff, ended, { sent: all, failed: bad, done: by, off }, differences);
    },
  };
}

function conclude(
  isOff: boolean,
  ended: boolean,
  totals: Readonly<Record<'sent' | 'failed' | 'done' | 'off', number>>,
  differences: readonly (readonly [string, number])[],
): CheckResult {
  const { sent, failed, done, off } = totals;
  const why = ended ? '; a process ended, and with it what it had counted last' : '';
  return {
    verdict: !isOff ? 'valid' : ended ? 'unknown' : 'invalid',
    summary: `the application sent ${sent} queries, of which ${failed} failed; the server did ${done}: ${off} are unaccounted for${why}`,
    figures: {
      sent,
      failed,
      done,
      unaccounted: off,
      unaccountedByStatement: Object.fromEntries(differences.filter(([, by]) => by !== 0)),
    },
    findings: [],
  };
}

function byStatement(metrics: readonly MetricSeries[], name: string) {
  const counts = new Map<string, number>();
  const sources = new Set<string>();
  for (const series of metrics) {
    const { statement } = series.labels;
    if (series.name !== name || statement === undefined) continue;
    sources.add(series.source);
    counts.set(statement, (counts.get(statement) ?? 0) + counterTotal(series.values));
  }
  return { counts, sources };
}

function hasEnded({ events }: Observations, sources: ReadonlySet<string>): boolean {
  return events.some(
    ({ kind, data }) => kind === 'process' && data?.action === 'end' && sources.has(String(data.node)),
  );
}
