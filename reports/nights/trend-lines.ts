import { count, percent, wallTime } from '../html/units.ts';
import { chance, mediansOf, seriesName, titleOf } from './figure-change.ts';
import type { Night } from './night-store.ts';
import { type ClaimTrend, hasMoved, type Trend } from './trend.ts';

/** What tonight has that the nights before had not, for a terminal. */
export function trendLines(nights: readonly Night[], { claims, figures }: Trend): string[] {
  const tonight = nights.at(-1);
  if (tonight === undefined) return ['no night yet'];
  const moved = claims.filter(hasMoved);
  const changed = figures.filter(({ verdict }) => verdict === 'changed');
  const tooFew = figures.filter(({ verdict }) => verdict === 'too-few').length;
  return [
    `tonight: ${wallTime(tonight.startedAt)}${tonight.label === '' ? '' : ` (${tonight.label})`}, ${count(tonight.runs, 'runs')}; ${count(nights.length, 'nights')} in all`,
    ...claims.filter((claim) => !moved.includes(claim) && claim.outcome !== 'as-expected').map(stillLine),
    ...moved.map(movedLine),
    ...changed.map((trend) => {
      const { before, tonight: now } = mediansOf(trend);
      return `${trend.scenario} ${trend.variant}: ${titleOf(trend)}: ${now}, before ${before}: ${trend.direction} than on any of ${count(trend.reference, 'nights')} (p ${chance(trend.p)}, q ${chance(trend.q)})`;
    }),
    ...(nights.length === 1
      ? ['there is no night before it']
      : moved.length + changed.length === 0
        ? ['nothing has changed against the nights before']
        : []),
    ...(tooFew === 0 ? [] : [`${count(tooFew, 'figures')} had too few nights or runs to tell`]),
  ];
}

function movedLine(claim: ClaimTrend): string {
  return `${seriesName(claim)}: ${claim.outcome}, the last night: ${claim.previous}${shareText(claim)}`;
}

function stillLine(claim: ClaimTrend): string {
  return `${seriesName(claim)}: ${claim.outcome}${claim.previous === null ? '' : ' again'}${shareText(claim)}`;
}

function shareText({ before }: ClaimTrend): string {
  if (before === null) return '';
  return ` (as expected before: ${percent(before.share)}, ${percent(before.from)} to ${percent(before.to)})`;
}
