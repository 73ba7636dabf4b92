import { html, type Markup } from '../html/markup.ts';
import type { Distribution } from './distribution.ts';
import { valueWords } from './distribution-lines.ts';

const WIDTH = 360;
const HEIGHT = 48;
const FOOT = 14;
const BARS = 40;

/** A figure's values in bars of equal width, the median as a line; what lies far out is in another colour. */
export function histogram(distribution: Distribution): Markup {
  const { values, quantiles, outliers } = distribution;
  const [least = 0, most = 0] = [values[0], values.at(-1)];
  const width = most === least ? 1 : (most - least) / BARS;
  const barOf = (value: number) => Math.min(BARS - 1, Math.floor((value - least) / width));
  const counts = new Array<number>(BARS).fill(0);
  for (const value of values) counts[barOf(value)] = (counts[barOf(value)] ?? 0) + 1;
  const highest = Math.max(...counts);
  const far = new Set(outliers.map(({ value }) => barOf(value)));
  const step = WIDTH / BARS;
  const bars = counts.map((count, i) => {
    if (count === 0) return null;
    const height = Math.max(2, (count / highest) * HEIGHT);
    return html`<rect class="${far.has(i) ? 'far' : 'bar'}" x="${(i * step + 0.5).toFixed(1)}" y="${(HEIGHT - height).toFixed(1)}" width="${(step - 1).toFixed(1)}" height="${height.toFixed(1)}"/>`;
  });
  const median = quantiles[0]?.value ?? least;
  const at = (((median - least) / (width * BARS)) * WIDTH).toFixed(1);
  const words = (value: number) => valueWords(distribution, value);
  return html`<svg class="histogram" viewBox="0 0 ${WIDTH} ${HEIGHT + FOOT}" width="${WIDTH}" role="img" aria-label="${values.length} values from ${words(least)} to ${words(most)}, half of them up to ${words(median)}">${bars.filter((bar) => bar !== null)}<line x1="${at}" x2="${at}" y1="0" y2="${HEIGHT}"/><text x="0" y="${HEIGHT + 12}">${words(least)}</text><text x="${WIDTH}" y="${HEIGHT + 12}" text-anchor="end">${words(most)}</text></svg>`;
}
