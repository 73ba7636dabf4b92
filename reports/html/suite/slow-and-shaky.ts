import { median } from '../../../lab/common/median.ts';
import { html, type Markup } from '../markup.ts';
import { table } from '../table.ts';
import { count, percent, seconds } from '../units.ts';
import { outcomeSign, outcomeTitle } from '../words.ts';
import { type KeyFigure, keyFiguresOf, measuredOf, rangeText, valueText } from './key-figures.ts';
import type { RunLinks } from './run-links.ts';
import { byScenario, conditionsOf, conditionText, type IndexRun, isUnder } from './scenario-runs.ts';

const MOST_SLOW = 5;
const MOST_SHAKY = 10;
/** A figure that differs by less than this share of its largest value is not worth a row. */
const LEAST_SPREAD = 0.25;
/** Differences of this size are nothing: a moment, a few of something. */
const FLOOR = { ms: 100, count: 10, share: 0.1 };

/** Runs of one claim under one condition: what should have come out alike. */
interface Repeats {
  name: string;
  runs: readonly IndexRun[];
}

/** What takes the time, and what cannot be relied upon. */
export function slowAndShaky(runs: readonly IndexRun[], links: RunLinks): Markup {
  if (runs.length === 0) return html``;
  const repeats = repeatsOf(runs);
  return html`<section id="slow"><h2>The slowest</h2>${slowest(repeats, runs, links)}</section>
<section id="shaky"><h2>The shakiest</h2>${shakiest(repeats, links)}</section>`;
}

function repeatsOf(runs: readonly IndexRun[]): Repeats[] {
  const conditions = conditionsOf(runs);
  return byScenario(runs).flatMap(({ scenario, all }) =>
    [...Map.groupBy(all, ({ document }) => document.variant)].flatMap(([variant, of]) =>
      conditions.flatMap((condition) => {
        const alike = of.filter(({ document }) => isUnder(document, condition));
        const under = conditions.length === 1 ? '' : ` (${conditionText(condition)})`;
        return alike.length === 0 ? [] : [{ name: `${scenario.name}, ${variant}${under}`, runs: alike }];
      }),
    ),
  );
}

function slowest(repeats: readonly Repeats[], all: readonly IndexRun[], links: RunLinks): Markup {
  const total = sum(all.map(({ document }) => realMs(document)));
  const rows = repeats
    .map(({ name, runs }) => {
      const lengths = runs.map(({ document }) => realMs(document));
      return { name, runs, typicalMs: median(lengths), share: total === 0 ? 0 : sum(lengths) / total };
    })
    .sort((a, b) => b.typicalMs - a.typicalMs)
    .slice(0, MOST_SLOW)
    .map(({ name, runs, typicalMs, share }) => [name, seconds(typicalMs), percent(share), links.to(runs)]);
  return html`<p>All runs together took ${seconds(total)}, one after another.</p>${table(['runs of', 'length (median)', 'of all time', ''], rows)}`;
}

/** What a run kept somebody waiting for, whatever clock it was on. */
function realMs({ durationMs, realDurationMs = durationMs }: IndexRun['document']): number {
  return realDurationMs;
}

function shakiest(repeats: readonly Repeats[], links: RunLinks): Markup {
  const several = repeats.filter(({ runs }) => runs.length > 1);
  if (several.length === 0)
    return html`<p class="empty">No run was repeated. With --repeat 3 it shows which outcomes and figures differ from run to run.</p>`;
  const split = several
    .filter(({ runs }) => new Set(runs.map(({ document }) => document.outcome)).size > 1)
    .map(({ name, runs }) => [name, html`<b>outcome</b>`, outcomesText(runs), links.to(runs)]);
  const spread = several
    .flatMap(({ name, runs }) => shakyFigures(runs).map((each) => ({ name, runs, ...each })))
    .sort((a, b) => b.spread - a.spread)
    .slice(0, Math.max(0, MOST_SHAKY - split.length))
    .map(({ name, runs, figure, values }) => [
      name,
      figure.label,
      html`${rangeText(figure, values)}${strip(figure, values)}`,
      links.to(runs),
    ]);
  const rows = [...split, ...spread];
  return html`<p>Of ${count(several.length, 'claims')} that ran several times: where outcomes differ, then the figures whose least and greatest value are furthest apart for their size.</p>${
    rows.length === 0
      ? html`<p class="empty">All came out alike.</p>`
      : table(['runs of', 'what', 'from run to run', ''], rows)
  }`;
}

function outcomesText(runs: Repeats['runs']): string {
  const groups = Map.groupBy(runs, ({ document }) => document.outcome);
  return [...groups]
    .map(([outcome, of]) => `${of.length} ${outcomeSign[outcome]} ${outcomeTitle[outcome]}`)
    .join(', ');
}

function shakyFigures(runs: Repeats['runs']): { figure: KeyFigure; values: number[]; spread: number }[] {
  const documents = runs.map(({ document }) => document);
  return keyFiguresOf(documents).flatMap((figure) => {
    const values = measuredOf(documents, figure);
    if (values.length < 2) return [];
    const spread = spreadOf(values, floorOf(figure));
    return spread < LEAST_SPREAD ? [] : [{ figure, values, spread }];
  });
}

/** The range as a share of the greatest value, 0 to 1; small values weigh little, so that 0 and 1 are not far apart. */
export function spreadOf(values: readonly number[], floor: number): number {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return (most - least) / (Math.max(Math.abs(most), Math.abs(least)) + floor);
}

function floorOf({ figure, unit }: KeyFigure): number {
  if (unit === 'ms' || /Ms(By|$)/.test(figure)) return FLOOR.ms;
  return /share/i.test(figure) ? FLOOR.share : FLOOR.count;
}

const [WIDTH, HEIGHT, EDGE] = [160, 14, 5];

/** A dot for each run, from nothing to the greatest. */
function strip(figure: KeyFigure, values: readonly number[]): Markup {
  const most = Math.max(...values, 0);
  const x = (value: number) => EDGE + (most === 0 ? 0 : (Math.max(0, value) / most) * (WIDTH - 2 * EDGE));
  const told = values.map((value) => valueText(figure, value)).join(', ');
  return html`<svg class="strip" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${told}"><line x1="${EDGE}" x2="${WIDTH - EDGE}" y1="7" y2="7"/>${values.map((value) => html`<circle cx="${x(value).toFixed(1)}" cy="7" r="4"/>`)}</svg>`;
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
