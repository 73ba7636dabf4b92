import { median } from '../../lab/common/median.ts';
import { figureTitle, figureWords, partTitle } from '../html/figure-words.ts';
import type { Series } from './night-store.ts';
import type { FigureTrend } from './trend.ts';

/** What is compared from night to night, in words. */
export function seriesName({ scenario, variant, timing, server }: Series): string {
  return [`${scenario} ${variant}`, ...(timing === 'fast' ? [] : [timing]), server].join(' · ');
}

/** A figure's check and its name in words; `lostByCause.wiped` is a part of a breakdown. */
export function titleOf({ check, figure }: FigureTrend): string {
  const [name = '', part] = figure.split(/\.(.*)/s);
  return `${check}: ${part === undefined ? figureTitle(name) : partTitle(name, part)}`;
}

/** Tonight's median, and that of the nights that it is held against, with their units. */
export function mediansOf({ nights, reference, figure }: FigureTrend): { before: string; tonight: string } {
  const name = figure.split('.')[0] ?? '';
  const before = nights.slice(-1 - reference, -1).flatMap(({ values }) => values);
  return {
    before: before.length === 0 ? 'none' : figureWords(name, median(before)),
    tonight: figureWords(name, median(nights.at(-1)?.values ?? [])),
  };
}

/** A probability with three digits. */
export function chance(p: number | null): string {
  return p === null ? '–' : p < 0.001 ? '< 0.001' : p.toFixed(3);
}
