import type { MetricSeries } from '../../../lab/history/observations.ts';
import { html, type Markup } from '../markup.ts';
import { details, table } from '../table.ts';
import { count, percent, seconds } from '../units.ts';
import { counted, counterRates, rateColumnMs } from './counter-rates.ts';
import { chart, type Frame, lane } from './lane.ts';
import { stepLine } from './path.ts';

/** Instances are asked so often, in ms (lab/probes/metric-probe.ts). */
const askedEveryMs = 200;

/** A cache of the application: which of its counters are reads, and which of those it answered itself. */
interface Cache {
  name: string;
  /** What a hit saves. */
  saves: string;
  isRead(series: MetricSeries): boolean;
  isHit(series: MetricSeries): boolean;
}

/** Answers of a cache of products that needed no database: those too old to be shown as fresh (`stale`) as well. */
const withoutDatabase = ['hit', 'local', 'stale'];

const caches: readonly Cache[] = [
  {
    name: 'products from the cache',
    saves: 'the database',
    isRead: ({ name }) => name === 'cache_reads_total',
    isHit: ({ labels }) => withoutDatabase.includes(labels.result ?? ''),
  },
  {
    name: 'sessions from the local cache',
    saves: 'Redis',
    isRead: ({ name }) => /^sessions_local_(hits|misses)_total$/.test(name),
    isHit: ({ name }) => name === 'sessions_local_hits_total',
  },
];

interface HitRate extends Cache {
  reads: number;
  hits: number;
  /** The share over time; null where nothing was read. */
  columns: { fromMs: number; toMs: number; share: number | null }[];
}

/** A lane per cache of the application that was read: which share of reads it answered, all instances together. */
export function hitRateLanes(frame: Frame, metrics: readonly MetricSeries[]): Markup[] {
  return hitRatesOf(metrics, frame.axis.durationMs).map(({ name, saves, reads, hits, columns }) => {
    const note = `share of reads that did not need ${saves}, 0–100\u202f%; ${percent(hits / reads)} of all`;
    return lane(frame, {
      label: name,
      note,
      describe: `${name}: ${note}`,
      heightPx: 40,
      charts: [
        chart(
          frame.axis,
          html`<path class="hit-rate" d="${stepLine(columns, ({ share }) => (share === null ? null : 96 - share * 92))}"/>`,
        ),
      ],
    });
  });
}

export function hitRateTable(metrics: readonly MetricSeries[], durationMs: number): Markup {
  const rows = hitRatesOf(metrics, durationMs).map(({ name, reads, hits, columns }) => {
    const known = columns.filter(({ share }) => share !== null);
    const least = known.reduce((a, b) => ((b.share ?? 1) < (a.share ?? 1) ? b : a));
    return [
      name,
      count(reads, 'reads'),
      percent(hits / reads),
      `${percent(least.share ?? 0)} at ${seconds(least.fromMs)}`,
    ];
  });
  if (rows.length === 0) return html``;
  return details(
    `Hit rates as a table (${count(rows.length, 'caches')})`,
    table(['cache', 'reads', 'hit rate', 'lowest'], rows),
  );
}

function hitRatesOf(metrics: readonly MetricSeries[], durationMs: number): HitRate[] {
  const columnMs = rateColumnMs(durationMs, askedEveryMs);
  return caches.flatMap((cache) => {
    const reads = metrics.filter((series) => series.kind === 'counter' && cache.isRead(series));
    const hits = reads.filter(cache.isHit);
    const total = counted(reads);
    if (total === 0) return [];
    const hitColumns = counterRates(hits, durationMs, columnMs);
    const columns = counterRates(reads, durationMs, columnMs).map(({ fromMs, toMs, perSecond }, i) => {
      const share = perSecond ? (hitColumns[i]?.perSecond ?? 0) / perSecond : null;
      return { fromMs, toMs, share: share === null ? null : Math.min(1, share) };
    });
    return [{ ...cache, reads: total, hits: counted(hits), columns }];
  });
}
