import { runServer } from '../data/run-conditions.ts';
import { html, type Markup, trusted } from '../html/markup.ts';
import { page } from '../html/page.ts';
import { table } from '../html/table.ts';
import { count } from '../html/units.ts';
import { outcomeTitle } from '../html/words.ts';
import type { Distribution, KeptRun } from './distribution.ts';
import { distributionTitle, valueWords } from './distribution-lines.ts';
import { histogram } from './histogram.ts';

const style = `
.histogram { display: block; max-width: 100%; height: auto; }
.histogram .bar { fill: var(--accent); } .histogram .far { fill: var(--vermilion); }
.histogram line { stroke: var(--ink); stroke-dasharray: 3 2; } .histogram text { font-size: 10px; fill: var(--quiet); }
`;

/** The page of many runs of one scenario's variant: how each figure is spread, and which runs lie far out. A pure function. */
export function renderDistribution(runs: readonly KeptRun[], distributions: readonly Distribution[]): string {
  const [first] = runs;
  if (first === undefined) throw new RangeError('expected at least one run');
  const { scenario, variant, timing, speed = 1 } = first.document;
  const outliers = distributions.flatMap((distribution) =>
    distribution.outliers.map((outlier) => ({ distribution, outlier })),
  );
  const outcomes = [...Map.groupBy(runs, ({ document }) => document.outcome)];
  return page(
    `${scenario.title} – ${variant}, ${runs.length} times`,
    html`<style>${trusted(style)}</style><header><p class="kicker">Failover lab · ${scenario.name} · <b>${variant}</b></p><h1>${scenario.title}, ${count(runs.length, 'times')}</h1>
<p>${scenario.claim}</p><p class="quiet">${timing} timing, ${runServer(first.document) ?? 'server not known'}${speed === 1 ? '' : `, ${speed} times as fast as real time; all times are lab time`}. ${outcomes.map(([outcome, of]) => `${outcomeTitle[outcome]}: ${of.length}`).join(', ')}.</p></header>
<h2>How the figures are spread</h2><p>Quantiles are values that were measured (nearest rank); the interval holds the median of all runs there could be with 95 % (order statistics). The dashed line is the median.</p>
${distributions.length === 0 ? html`<p class="empty">The runs have no figures in common.</p>` : figureTable(distributions)}
<h2>Far out</h2><p>Runs beyond three times the distance of the quartiles (Tukey), with what their events say.</p>
${
  outliers.length === 0
    ? html`<p class="empty">None.</p>`
    : table(
        ['figure', 'value', 'seed', 'what its events say', 'run'],
        outliers.map(({ distribution, outlier }) => [
          distributionTitle(distribution),
          valueWords(distribution, outlier.value),
          String(outlier.seed),
          outlier.cause,
          html`<code>${outlier.dir}</code>`,
        ]),
      )
}`,
  );
}

function figureTable(distributions: readonly Distribution[]): Markup {
  return table(
    ['figure', 'p50', 'its interval', 'p90', 'p99', 'spread'],
    distributions.map((one) => {
      const [p50, p90, p99] = one.quantiles.map(({ value }) => valueWords(one, value));
      const interval = one.quantiles[0]?.interval ?? null;
      return [
        html`${distributionTitle(one)}${one.missing === 0 ? null : html`<br><small>${count(one.missing, 'runs')} without</small>`}`,
        p50 ?? '',
        interval === null
          ? 'too few runs'
          : `${valueWords(one, interval.from)} to ${valueWords(one, interval.to)}`,
        p90 ?? '',
        p99 ?? '',
        histogram(one),
      ];
    }),
  );
}
