import { expect, it } from 'vitest';
import { largeRun } from '../../bench/large-run.ts';
import { renderReport } from '../../reports/html/render-report.ts';
import { openPage, usesBrowser } from './open-page.ts';
import { expectTextsInPlace } from './texts-in-place.ts';

usesBrowser();

it('the report of 1,000,000 operations is as sound as any, and no larger than what a mail takes', async () => {
  const markup = renderReport(largeRun(1_000_000));
  expect(Buffer.byteLength(markup)).toBeLessThanOrEqual(2_000_000);
  const { page, complaints, requests } = await openPage(markup);
  await expectTextsInPlace(page, [1280, 375]);
  expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
});
