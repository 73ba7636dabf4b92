import { describe, expect, it } from 'vitest';
import { splitBrainSample } from '../../reports/data/sample.ts';
import { renderReport } from '../../reports/html/render-report.ts';
import { openPage, usesBrowser } from './open-page.ts';

usesBrowser();

describe('a run report', () => {
  const markup = renderReport(splitBrainSample());

  it.each([1280, 768, 375])('asks for nothing, complains of nothing and fits at %i px', async (width) => {
    const { page, complaints, requests } = await openPage(markup, { width });
    expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
    const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(excess).toBeLessThanOrEqual(0);
  });
});
