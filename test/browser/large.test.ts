import { expect, it } from 'vitest';
import { largeRun } from '../../bench/large-run.ts';
import { renderReport } from '../../reports/html/render-report.ts';
import { misplacedTexts } from './misplaced-texts.ts';
import { openPage, usesBrowser } from './open-page.ts';

usesBrowser();

it('the report of 1,000,000 operations is as sound as any, and no larger than what a mail takes', async () => {
  const markup = renderReport(largeRun(1_000_000));
  expect(Buffer.byteLength(markup)).toBeLessThanOrEqual(2_000_000);
  const { page, complaints, requests } = await openPage(markup);
  for (const width of [1280, 375]) {
    await page.setViewportSize({ width, height: 900 });
    await page.reload();
    expect({ width, misplaced: await misplacedTexts(page) }).toEqual({ width, misplaced: [] });
  }
  expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
});
