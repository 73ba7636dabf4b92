import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { misplacedTexts } from './misplaced-texts.ts';

/** Expects every text of a page in its place at these widths in px; with `opened` again with everything that opens open. */
export async function expectTextsInPlace(
  page: Page,
  widths: readonly number[],
  opened?: 'opened',
): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    await page.reload();
    expect({ width, misplaced: await misplacedTexts(page) }).toEqual({ width, misplaced: [] });
    if (opened === undefined) continue;
    await openDetails(page);
    expect({ width, misplaced: await misplacedTexts(page) }).toEqual({ width, misplaced: [] });
  }
}

/** Opens everything of a page that opens. */
export async function openDetails(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const each of document.querySelectorAll('details')) each.open = true;
  });
}
