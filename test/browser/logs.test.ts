import { describe, expect, it } from 'vitest';
import type { RunDocument } from '../../reports/data/run-document.ts';
import { splitBrainSample } from '../../reports/data/sample.ts';
import { renderReport } from '../../reports/html/render-report.ts';
import { openPage, usesBrowser } from './open-page.ts';

usesBrowser();

const line = (text: string) => `12:X 05 Jan 2026 09:30:04.231 # ${text}`;
const document: RunDocument = {
  ...splitBrainSample(),
  logs: {
    from: 2700,
    to: 11_700,
    logs: [
      {
        process: 'redis-1',
        lines: [line('Connection with replica lost'), '<img src=x onerror=alert(1)>'],
        at: [4790, 4790],
        leftOut: 7,
        leftOutAfter: 1,
      },
      {
        process: 'sentinel-2',
        lines: [line('+sdown master lab'), line('+odown master lab')],
        at: [4231, 4291],
        leftOut: 0,
        leftOutAfter: 1,
      },
      { process: 'toxiproxy-a', lines: ['{"level":"error"}'], at: [null], leftOut: 0, leftOutAfter: 0 },
    ],
  },
};
const markup = renderReport(document);
const lines = '.merged li';

describe('the logs', () => {
  it('stand as one by time, with what the lab did among them, and nothing in them is markup', async () => {
    const { page, complaints } = await openPage(markup);
    const texts = await page.locator(`${lines} .text`).allTextContents();
    expect(texts[0]).toBe('fault: isolate redis-1 (primary)');
    expect(texts.indexOf('# +sdown master lab')).toBeLessThan(
      texts.indexOf('# Connection with replica lost'),
    );
    expect(texts).toContain('<img src=x onerror=alert(1)>');
    expect(texts).toContain('… 7 lines left out …');
    expect(complaints).toEqual([]);
  });

  it('are searched, and chosen by process', async () => {
    const { page } = await openPage(markup);
    await page.fill('.log-view [name=text]', 'ODOWN');
    expect(await page.locator(lines).count()).toBe(1);
    expect(await page.locator(`${lines} mark`).textContent()).toBe('odown');
    await page.fill('.log-view [name=text]', '');
    const before = await page.locator(lines).count();
    await page.check('.log-view [value=toxiproxy-a]');
    expect(await page.locator(lines).count()).toBe(before + 1);
  });

  it('set the page’s moment and follow it', async () => {
    const { page } = await openPage(markup);
    await page.locator(lines, { hasText: '+odown' }).locator('button').click();
    expect(await page.textContent('.scrubber output')).toContain('4.29');
    await page.evaluate(() =>
      globalThis.document.dispatchEvent(new CustomEvent('lab:moment', { detail: { atMs: 4800 } })),
    );
    expect(await page.locator('.merged .now').textContent()).toContain('onerror');
  });

  it('are there without scripts, one by one, with the way to the whole log', async () => {
    const { page } = await openPage(markup, { javaScriptEnabled: false });
    await page.click('summary:has-text("sentinel-2: 2 lines")');
    expect(await page.locator('pre[data-process=sentinel-2]').textContent()).toContain('4.231  12:X');
    expect(await page.locator('a[href="logs/sentinel-2.log"]').count()).toBe(1);
  });
});
