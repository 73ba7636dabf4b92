import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { splitBrainSample } from '../../reports/data/sample.ts';
import { renderReport } from '../../reports/html/render-report.ts';
import { openPage, usesBrowser } from './open-page.ts';

usesBrowser();

const markup = renderReport(splitBrainSample());
const slider = '.scrubber input[type=range]';

/** Tells the page a moment, as the timeline does. */
async function tell(page: Page, atMs: number): Promise<void> {
  await page.evaluate(
    (ms) => document.dispatchEvent(new CustomEvent('lab:moment', { detail: { atMs: ms } })),
    atMs,
  );
}

/** The nodes that are drawn as primaries now. */
function primaries(page: Page): Promise<string[]> {
  return page.locator('.picture .role-primary-part .part-name').allTextContents();
}

describe('the topology', () => {
  it('shows the two primaries of a split brain first, and says so to who cannot see it', async () => {
    const { page, complaints } = await openPage(markup);
    expect((await primaries(page)).sort()).toEqual(['redis-1', 'redis-2']);
    expect(await page.getAttribute(slider, 'aria-valuetext')).toMatch(
      /redis-1 and redis-2 both believe to be primary/,
    );
    expect(complaints).toEqual([]);
  });

  it('follows the moment that something else of the page sets', async () => {
    const { page } = await openPage(markup);
    await tell(page, 2000);
    expect(await primaries(page)).toEqual(['redis-1']);
    await tell(page, 13_000);
    expect(await primaries(page)).toEqual(['redis-2']);
    expect(await page.textContent('.scrubber output')).toContain('13.0');
  });

  it('steps from change to change and back, and tells the page', async () => {
    const { page } = await openPage(markup);
    await tell(page, 0);
    await page.evaluate(() =>
      document.addEventListener('lab:moment', (event) => {
        document.body.dataset.moment = String((event as CustomEvent).detail.atMs);
      }),
    );
    const previous = page.locator('[data-do=previous]');
    expect(await previous.isDisabled()).toBe(true);
    await page.click('[data-do=next]');
    const first = Number(await page.evaluate(() => document.body.dataset.moment));
    await page.click('[data-do=next]');
    expect(Number(await page.evaluate(() => document.body.dataset.moment))).toBeGreaterThan(first);
    await previous.click();
    expect(Number(await page.evaluate(() => document.body.dataset.moment))).toBe(first);
  });

  it('moves by keys, and plays to the end and stops', async () => {
    const { page } = await openPage(markup);
    await page.focus(slider);
    const before = Number(await page.inputValue(slider));
    await page.keyboard.press('PageUp');
    expect(Number(await page.inputValue(slider))).toBeGreaterThan(before);
    await tell(page, splitBrainSample().durationMs - 150);
    await page.click('[data-do=play]');
    await expect.poll(() => page.inputValue(slider)).toBe(String(splitBrainSample().durationMs));
    await expect.poll(() => page.textContent('[data-do=play]')).toContain('play');
  });

  it.each([1280, 768, 375])('fits into a window of %i px', async (width) => {
    const { page } = await openPage(markup, { width });
    const room = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(room).toBeLessThanOrEqual(0);
    const boxes = await page
      .locator('#topology svg.topology')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().right));
    expect(boxes.length).toBeGreaterThan(3);
    expect(Math.max(...boxes)).toBeLessThanOrEqual(width);
  });

  it('reads without scripts, as pictures of the decisive moments and all in words', async () => {
    const { page } = await openPage(markup, { javaScriptEnabled: false });
    expect(await page.locator('.scrubber').isVisible()).toBe(false);
    expect(await page.locator('.moments > li').count()).toBeGreaterThanOrEqual(3);
    await page.click('text=Every moment at which something changed');
    expect(await page.locator('.moment-list').textContent()).toContain('both believe to be primary');
  });
});
