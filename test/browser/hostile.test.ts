import { expect, it } from 'vitest';
import { hardenedSample, splitBrainSample } from '../../reports/data/sample.ts';
import { clusterSample } from '../../reports/data/sample-cluster.ts';
import { renderComparison } from '../../reports/html/comparison/render-comparison.ts';
import { renderIndex } from '../../reports/html/render-index.ts';
import { renderReport } from '../../reports/html/render-report.ts';
import { hostileDocument } from './hostile.ts';
import { misplacedTexts } from './misplaced-texts.ts';
import { openPage, usesBrowser } from './open-page.ts';

usesBrowser();

const [vulnerable, hardened] = [hostileDocument(splitBrainSample()), hostileDocument(hardenedSample())];

it.each([
  ['report', () => renderReport(vulnerable, { sibling: hardened })],
  ['cluster', () => renderReport(hostileDocument(clusterSample()))],
  ['comparison', () => renderComparison(vulnerable, hardened)],
  [
    'index',
    () =>
      renderIndex(
        [vulnerable, hardened].map((document, i) => ({ document, href: `${i}"><script>ran=1</script>` })),
      ),
  ],
])('%s: hostile texts run nothing, load nothing and stay in their places', async (_, markupOf) => {
  const markup = markupOf();
  // Nothing that turns the direction of text or cannot be seen is in the file, nor half a sign.
  expect(markup).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff]/);
  expect(markup.isWellFormed()).toBe(true);
  const { page, complaints, requests } = await openPage(markup);
  for (const width of [1280, 375]) {
    await page.setViewportSize({ width, height: 900 });
    await page.reload();
    expect({ width, misplaced: await misplacedTexts(page) }).toEqual({ width, misplaced: [] });
    await page.evaluate(() => {
      for (const each of document.querySelectorAll('details')) each.open = true;
    });
    expect({ width, misplaced: await misplacedTexts(page) }).toEqual({ width, misplaced: [] });
  }
  // Whoever goes over the page with the pointer and the keys runs nothing either.
  for (const each of (await page.locator('.lane').all()).slice(0, 8)) await each.hover();
  for (let i = 0; i < 20; i++) await page.keyboard.press('Tab');
  expect(await page.evaluate(() => 'ran' in window)).toBe(false);
  expect(
    await page.evaluate(
      () => document.querySelectorAll('img, iframe, [onerror], [onload], [onmouseover]').length,
    ),
  ).toBe(0);
  expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
});
