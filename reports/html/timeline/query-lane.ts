import type { MetricSeries } from '../../../lab/history/observations.ts';
import { html, type Markup } from '../markup.ts';
import { details, table } from '../table.ts';
import { count, number, seconds } from '../units.ts';
import { counted, counterRates, rateColumnMs } from './counter-rates.ts';
import { chart, type Frame, lane } from './lane.ts';
import { stepArea } from './path.ts';

/** The database is asked so often, in ms (lab/probes/metric-probe.ts). */
const askedEveryMs = 100;
/** Statements that the lane's label names; the table has them all. */
const named = 3;

/** A lane per database: queries per second, by the server's own count. */
export function queryLanes(frame: Frame, metrics: readonly MetricSeries[]): Markup[] {
  const { durationMs } = frame.axis;
  return queriesOf(metrics).flatMap(({ source, statements, all }) => {
    const columns = counterRates(all, durationMs, rateColumnMs(durationMs, askedEveryMs));
    const top = Math.max(...columns.map(({ perSecond }) => perSecond ?? 0));
    if (top === 0) return [];
    const note = `queries per second, by its own count, top ${number(Math.ceil(top))}/s`;
    return lane(frame, {
      label: source,
      note,
      keys: statements
        .slice(0, named)
        .map(({ statement, total }) => ({ text: `${statement} ${number(total)}` })),
      describe: `${source}: ${note}; the table below has its statements`,
      heightPx: 52,
      charts: [
        chart(
          frame.axis,
          html`<path class="queries" d="${stepArea(columns, ({ perSecond }) => 100 - ((perSecond ?? 0) / top) * 96)}"/>`,
        ),
      ],
    });
  });
}

/** The table behind it: which statements, how many, and when the most. */
export function queryTable(metrics: readonly MetricSeries[], durationMs: number): Markup {
  const columnMs = rateColumnMs(durationMs, askedEveryMs);
  const rows = queriesOf(metrics).flatMap(({ source, statements }) =>
    statements.map(({ statement, total, series }) => {
      const columns = counterRates(series, durationMs, columnMs);
      const most = columns.reduce((a, b) => ((b.perSecond ?? 0) > (a.perSecond ?? 0) ? b : a));
      return [
        source,
        statement,
        count(total, 'queries'),
        `${number(Math.ceil(most.perSecond ?? 0))}/s at ${seconds(most.fromMs)}`,
      ];
    }),
  );
  if (rows.length === 0) return html``;
  return details(
    `Database queries as a table (${count(rows.length, 'statements')})`,
    table(['database', 'statement', 'how many', 'most at once'], rows),
  );
}

function queriesOf(metrics: readonly MetricSeries[]) {
  const queries = metrics.filter(({ name, kind }) => name === 'queries' && kind === 'counter');
  return [...Map.groupBy(queries, ({ source }) => source)].map(([source, all]) => ({
    source,
    all,
    statements: [...Map.groupBy(all, ({ labels }) => labels.statement ?? '–')]
      .map(([statement, series]) => ({ statement, series, total: counted(series) }))
      .filter(({ total }) => total > 0)
      .sort((a, b) => b.total - a.total),
  }));
}
