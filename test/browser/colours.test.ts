import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openPage, usesBrowser } from './open-page.ts';
import { pages } from './pages.ts';

usesBrowser();

/** What stands in the same lanes, by its words in the legend. */
const together: readonly (readonly string[])[] = [
  ['fault proved to be in force', 'being injected or healed, or not proved'],
  ['primary', 'replica', 'down', 'paused', 'loading', 'role not known'],
  ['slots that somebody served', 'slots that nobody served'],
  ['owner, all agreed', 'owner, most said so', 'owner, few said so', 'two nodes served the same slots'],
  ['operations that succeeded', 'failed: certainly not done', 'outcome unknown (timeout, reset)'],
  ['median latency', '99 % are faster', 'slowest'],
];
/** Of 255, on average over all points at which one of two samples is drawn: less is hard to tell apart. */
const LEAST_DIFFERENCE = 25;

/** Each sample of the timeline's legend without any colour: how light its 28 × 14 points are. */
async function samples(page: Page): Promise<Map<string, number[]>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setEmulatedVisionDeficiency', { type: 'achromatopsia' });
  const found = new Map<string, number[]>();
  const decoder = await page.context().newPage();
  for (const item of await page.locator('#timeline .legend li').all()) {
    const picture = (await item.locator('svg').screenshot()).toString('base64');
    const points = await decoder.evaluate(async (png) => {
      const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
      const context = new OffscreenCanvas(28, 14).getContext('2d');
      context?.drawImage(image, 0, 0, 28, 14);
      return [...(context?.getImageData(0, 0, 28, 14).data ?? [])].filter((_, i) => i % 4 === 0);
    }, picture);
    found.set((await item.textContent()) ?? '', points);
  }
  await decoder.close();
  return found;
}

/** On average, where either is drawn at all; the corner of a sample is its ground. */
function difference(a: readonly number[], b: readonly number[]): number {
  const isDrawn = (sample: readonly number[], i: number) =>
    Math.abs((sample[i] ?? 0) - (sample[0] ?? 0)) > 12;
  const points = a
    .map((_, i) => i)
    .filter((i) => isDrawn(a, i) || isDrawn(b, i) || (a[0] ?? 0) !== (b[0] ?? 0));
  return points.reduce((sum, i) => sum + Math.abs((a[i] ?? 0) - (b[i] ?? 0)), 0) / Math.max(1, points.length);
}

describe.each(['light', 'dark'] as const)('without any colour, in %s', (colorScheme) => {
  it('what stands in the same lane can be told apart', async () => {
    const { page } = await openPage(pages.cluster?.() ?? '', { colorScheme });
    const found = await samples(page);
    expect([...found.keys()]).toEqual(expect.arrayContaining(together.flat()));
    const alike = together.flatMap((names) =>
      names.flatMap((one, i) =>
        names.slice(i + 1).flatMap((other) => {
          const apart = difference(found.get(one) ?? [], found.get(other) ?? []);
          return apart < LEAST_DIFFERENCE ? [`${one} and ${other}: ${apart.toFixed(1)}`] : [];
        }),
      ),
    );
    expect(alike).toEqual([]);
  });
});

it.each(
  Object.entries(pages).flatMap(([name, markupOf]) =>
    (['light', 'dark'] as const).map((scheme) => [name, scheme, markupOf] as const),
  ),
)('%s, in %s: texts in pictures stand out from what is behind them', async (_, colorScheme, markupOf) => {
  const { page } = await openPage(markupOf(), { colorScheme });
  const pale = await page.evaluate(() => {
    const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (colour: string) => {
      const [r = 0, g = 0, b = 0] = channels(colour).map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (a: string, b: string) => {
      const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
      return (light + 0.05) / (dark + 0.05);
    };
    const isSolid = (colour: string) => colour.startsWith('rgb') && (channels(colour)[3] ?? 1) === 1;
    const pageColour = getComputedStyle(document.body).backgroundColor;
    /** What is behind a text: its own outline, the shape just before it that it stands on, its picture, the page. */
    const behind = (text: SVGTextElement): string => {
      const own = getComputedStyle(text);
      if (own.paintOrder.startsWith('stroke') && isSolid(own.stroke)) return own.stroke;
      const box = text.getBoundingClientRect();
      const middle = [box.x + box.width / 2, box.y + box.height / 2] as const;
      const shapes = [
        ...(text.ownerSVGElement?.querySelectorAll<SVGGeometryElement>('rect, circle') ?? []),
      ].filter((shape) => {
        const around = shape.getBoundingClientRect();
        const isBefore = (shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
        const isAround =
          around.left <= middle[0] &&
          around.right >= middle[0] &&
          around.top <= middle[1] &&
          around.bottom >= middle[1];
        return isBefore && isAround && isSolid(getComputedStyle(shape).fill);
      });
      const shape = shapes.at(-1);
      if (shape !== undefined) return getComputedStyle(shape).fill;
      for (let each: Element | null = text; each !== null; each = each.parentElement) {
        const { backgroundColor } = getComputedStyle(each);
        if (isSolid(backgroundColor)) return backgroundColor;
      }
      return pageColour;
    };
    return [...document.querySelectorAll<SVGTextElement>('svg text')]
      .filter((text) => text.checkVisibility() && text.textContent.trim() !== '')
      .flatMap((text) => {
        const { fill } = getComputedStyle(text);
        const ratio = contrast(fill, behind(text));
        return ratio < 4.5 ? [`${text.textContent}: ${fill} on ${behind(text)}, ${ratio.toFixed(1)}`] : [];
      });
  });
  expect([...new Set(pale)]).toEqual([]);
});
