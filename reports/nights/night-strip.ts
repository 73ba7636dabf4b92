import { median } from '../../lab/common/median.ts';
import { figureWords } from '../html/figure-words.ts';
import { html, type Markup } from '../html/markup.ts';
import type { FigureTrend } from './trend.ts';

const WIDTH = 260;
const HEIGHT = 36;
const EDGE = 4;

/** A figure night by night: a line from the least to the most of each, a dot at its median, tonight's filled; the nights before its last change pale. */
export function nightStrip({ nights, reference, figure }: FigureTrend): Markup {
  const all = nights.flatMap(({ values }) => values);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const y = (value: number) =>
    most === least ? HEIGHT / 2 : HEIGHT - EDGE - ((value - least) / (most - least)) * (HEIGHT - 2 * EDGE);
  const step = (WIDTH - 2 * EDGE) / Math.max(1, nights.length - 1);
  const marks = nights.map(({ values }, i) => {
    const x = (nights.length === 1 ? WIDTH / 2 : EDGE + i * step).toFixed(1);
    const isTonight = i === nights.length - 1;
    const isReference = !isTonight && i >= nights.length - 1 - reference;
    const kind = isTonight ? 'tonight' : isReference ? 'before' : 'earlier';
    return html`<g class="${kind}"><line x1="${x}" x2="${x}" y1="${y(values[0] ?? 0).toFixed(1)}" y2="${y(values.at(-1) ?? 0).toFixed(1)}"/><circle cx="${x}" cy="${y(median(values)).toFixed(1)}" r="${isTonight ? 3.5 : 2}"/></g>`;
  });
  const name = figure.split('.')[0] ?? '';
  const label = `${nights.length} nights, from ${figureWords(name, least)} to ${figureWords(name, most)}`;
  return html`<svg class="nights" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${label}">${marks}</svg><small>${label}</small>`;
}
