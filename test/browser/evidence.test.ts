import { describe, expect, it } from 'vitest';
import { splitBrainSample } from '../../reports/data/sample.ts';
import { renderReport } from '../../reports/html/render-report.ts';
import { openPage, usesBrowser } from './open-page.ts';

usesBrowser();

const markup = renderReport(splitBrainSample());
const rows = '.evidence tbody > tr:not(.evidence-detail)';

describe('the list of what was found', () => {
  it('is filtered by id, by cause and by time', async () => {
    const { page, complaints } = await openPage(markup);
    expect(await page.textContent('.pager span')).toContain('1–50 of 400');
    await page.fill('.filter-form [name=text]', '10007');
    expect(await page.locator(rows).count()).toBe(1);
    expect(await page.textContent('.filter-form output')).toContain('1 of 400');
    await page.fill('.filter-form [name=text]', '');
    await page.selectOption('.filter-form [name=cause]', 'unreplicated');
    expect(await page.locator(rows).count()).toBe(8);
    await page.fill('.filter-form [name=from]', '3.3');
    expect(await page.locator(rows).count()).toBe(2);
    expect(complaints).toEqual([]);
  });

  it('turns its pages', async () => {
    const { page } = await openPage(markup);
    await page.click('[data-page="1"]');
    expect(await page.textContent('.pager span')).toContain('51–100');
    await page.click('[data-page="-1"]');
    expect(await page.isDisabled('[data-page="-1"]')).toBe(true);
  });

  it('opens a write with the evidence, sets the page’s moment, and closes it by keys', async () => {
    const { page } = await openPage(markup);
    await page.fill('.filter-form [name=text]', '10030');
    await page.locator(`${rows} button`).focus();
    await page.keyboard.press('Enter');
    const detail = (await page.textContent('.evidence-detail')) ?? '';
    expect(detail).toMatch(/write 10030 was acknowledged by redis-1/);
    expect(detail).toMatch(/the fault begins.*\+sdown|the fault begins.*takes the primary for down/s);
    expect(await page.textContent('.scrubber output')).toContain('3.6');
    await page.keyboard.press('Enter');
    expect(await page.locator('.evidence-detail').count()).toBe(0);
  });

  it.each([1280, 768, 375])('fits into a window of %i px', async (width) => {
    const { page } = await openPage(markup, { width });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
  });
});
