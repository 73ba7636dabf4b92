import { html, type Markup, trusted } from '../html/markup.ts';
import { page } from '../html/page.ts';
import { table } from '../html/table.ts';
import { count, percent, wallTime } from '../html/units.ts';
import { outcomeSign, outcomeTitle } from '../html/words.ts';
import { chance, mediansOf, seriesName, titleOf } from './figure-change.ts';
import type { Night } from './night-store.ts';
import { nightStrip } from './night-strip.ts';
import { nightsStyle } from './nights-style.css.ts';
import { type ClaimTrend, type FigureTrend, hasMoved, type Trend } from './trend.ts';

/** The page over all nights: what tonight has that the nights before had not. A pure function, without any address. */
export function renderNights(nights: readonly Night[], { claims, figures }: Trend): string {
  const tonight = nights.at(-1);
  const changed = figures.filter(({ verdict }) => verdict === 'changed');
  const moved = claims.filter(hasMoved);
  const tested = figures.filter(({ p }) => p !== null);
  const title = 'Failover lab: the nights';
  if (tonight === undefined)
    return page(title, html`<h1>The nights</h1><p class="empty">There is no night yet.</p>`);
  const isQuiet = changed.length === 0 && moved.length === 0;
  return page(
    title,
    html`<style>${trusted(nightsStyle)}</style><header><p class="kicker">Failover lab · ${count(nights.length, 'nights')}</p><h1>Tonight beside the nights before</h1>
<div class="verdict ${moved.length > 0 ? 'unexpected' : isQuiet ? 'as-expected' : ''}"><p class="outcome">${nights.length === 1 ? 'There is no night before this one' : outcomeLine(moved.length, changed.length)}</p>
<p>Tonight began ${wallTime(tonight.startedAt)}${tonight.label === '' ? '' : html` (${tonight.label})`}: ${count(tonight.runs, 'runs')} of ${count(claims.length, 'claims')}.</p>
<p class="reason">${count(tested.length, 'figures')} could be told from chance and were tested${tooFewText(figures)}.</p></div></header>
<h2>Claims that came out otherwise than on the night before</h2>${moved.length === 0 ? html`<p class="empty">None.</p>` : claimTable(moved)}
<h2>Figures that changed</h2>${changed.length === 0 ? html`<p class="empty">None.</p>` : html`<p>A figure is here when its runs tonight differ from those since its last change by Mann and Whitney’s rank test, with one false alarm in a hundred (Benjamini and Hochberg), and tonight’s median lies outside all of these nights’ medians.</p>${changed.map(figureCard)}`}
<h2>How often each claim holds</h2><p>Of the runs on the nights before in which the claim was put to the test, with Wilson’s interval of 95 %.</p>${claimTable(claims)}
<h2>All figures</h2>${[...Map.groupBy(figures, seriesName)].map(([name, own]) => figureTable(name, own))}
<h2>Nights</h2>${table(
      ['began', 'label', 'runs'],
      nights.toReversed().map(({ startedAt, label, runs }) => [wallTime(startedAt), label, String(runs)]),
    )}`,
  );
}

function outcomeLine(claims: number, figures: number): string {
  if (claims === 0 && figures === 0) return 'Nothing has changed against the nights before';
  const parts = [
    ...(claims === 0 ? [] : [`${count(claims, 'claims')} came out otherwise`]),
    ...(figures === 0 ? [] : [`${count(figures, 'figures')} changed`]),
  ];
  return parts.join(', ');
}

function claimTable(claims: readonly ClaimTrend[]): Markup {
  return table(
    ['scenario', 'variant', 'server', 'the nights before', 'the last night', 'tonight'],
    claims.map(({ scenario, variant, timing, server, before, previous, outcome, tonight }) => [
      timing === 'fast' ? scenario : `${scenario} (${timing})`,
      variant,
      server,
      before === null
        ? 'never decided'
        : `${percent(before.share)} (${percent(before.from)} to ${percent(before.to)})`,
      previous === null ? 'not run' : `${outcomeSign[previous]} ${outcomeTitle[previous]}`,
      html`<span class="badge ${outcome}">${outcomeSign[outcome]} ${outcomeTitle[outcome]}</span> ${tonightText(tonight)}`,
    ]),
  );
}

function tonightText({ asExpected, unexpected, inconclusive, labFailed }: ClaimTrend['tonight']): string {
  const all = asExpected + unexpected + inconclusive + labFailed;
  return `${asExpected} of ${all}`;
}

function figureCard(trend: FigureTrend): Markup {
  const { before, tonight } = mediansOf(trend);
  return html`<article class="check"><h3>${seriesName(trend)}: ${titleOf(trend)}</h3>
<p>Tonight ${tonight} at the median, before ${before}: <b>${trend.direction}</b> than on any of ${count(trend.reference, 'nights')}. By chance: p ${chance(trend.p)}, q ${chance(trend.q)}.</p>${nightStrip(trend)}</article>`;
}

function figureTable(name: string, trends: readonly FigureTrend[]): Markup {
  const rows = trends.map((trend) => {
    const { before, tonight } = mediansOf(trend);
    return [titleOf(trend), before, tonight, verdictWords[trend.verdict], nightStrip(trend)];
  });
  return html`<details><summary>${name}</summary>${table(['figure', 'median before', 'tonight', '', 'night by night'], rows)}</details>`;
}

const verdictWords = { changed: 'changed', unchanged: '', 'too-few': 'too few to tell' } as const;

function tooFewText(figures: readonly FigureTrend[]): string {
  const few = figures.filter(({ verdict }) => verdict === 'too-few').length;
  return few === 0
    ? ''
    : `; ${count(few, 'figures')} ${few === 1 ? 'has' : 'have'} too few nights or runs for that`;
}
