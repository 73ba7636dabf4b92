import type { MetricSeries, Observations } from '../history/observations.ts';
import type { Checker, Figures } from './checker.ts';
import { readOptions } from './options.ts';

/**
 * One gauge of the application or its database, as it was whenever it was asked (every 100 or 250 ms): what waits in
 * memory, how many connections are busy. Judged is each source for itself.
 *
 * Options: `name`; `metric`: the series' name without the source's prefix (`redis_waiting_commands`); `role`: only the
 * series with this label; `max`: decides the verdict, if given: no source may ever have been above it.
 *
 * Figures: `before` (the highest before the first fault), `highest`, `highestAtMs`, `grownBy` (highest − before),
 * `last` (the highest of the sources' last values), `highestBySource`.
 */
export function level(options: Readonly<Record<string, unknown>> = {}): Checker {
  const read = readOptions('level', options, { metric: 'text', role: 'text', max: 'number' });
  const { name = 'level', metric = '', role, max } = read;
  return {
    name,
    verifies: `How high ${metric || 'a metric that has to be named'}${role === undefined ? '' : ` of ${role}`} was. Asserted: ${max === undefined ? 'nothing, it measures' : `never above ${max}`}.`,
    doesNotVerify:
      'What it was between two looks, and while its process did not answer, as it does not when it is overburdened.',
    check: ({ seen }) => {
      const all = (seen.metrics ?? []).filter((one) => isMeant(one, metric, role));
      if (all.length === 0) {
        const summary = `nobody measured ${metric || 'anything, as no metric was named'}`;
        return { verdict: 'unknown', summary, figures: {}, findings: [] };
      }
      const figures = figuresOf(all, seen);
      const highest = Number(figures.highest);
      const isBroken = max !== undefined && highest > max;
      return {
        verdict: isBroken ? 'invalid' : 'valid',
        summary: `${metric} was at most ${highest}, and ${figures.before ?? 'unknown'} before the first fault`,
        figures,
        findings: [],
      };
    },
  };
}

function isMeant({ name, kind, labels, values }: MetricSeries, metric: string, role?: string): boolean {
  return (
    name === metric && kind === 'gauge' && values.length > 0 && (role === undefined || labels.role === role)
  );
}

function figuresOf(all: readonly MetricSeries[], { faults }: Observations): Figures {
  const faultAt = Math.min(...faults.map(({ injectedAt }) => injectedAt));
  const bySource: Record<string, number> = {};
  let before: number | null = null;
  let highest = Number.NEGATIVE_INFINITY;
  let highestAtMs = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const { source, at, values } of all) {
    values.forEach((value, i) => {
      const time = at[i] as number;
      if (time < faultAt) before = Math.max(before ?? value, value);
      bySource[source] = Math.max(bySource[source] ?? value, value);
      if (value > highest) [highest, highestAtMs] = [value, Math.round(time)];
    });
    last = Math.max(last, values.at(-1) as number);
  }
  const grownBy = before === null ? null : highest - before;
  return { before, highest, highestAtMs, grownBy, last, highestBySource: bySource };
}
