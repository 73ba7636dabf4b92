import { describe, expect, it } from 'vitest';
import type { Finding } from '../../lab/checkers/checker.ts';
import { splitBrainSample } from '../../reports/data/sample.ts';
import { renderReport } from '../../reports/html/render-report.ts';
import { misplacedTexts } from './misplaced-texts.ts';
import { openPage, usesBrowser } from './open-page.ts';
import { pages } from './pages.ts';

usesBrowser();

const widths = [1280, 768, 375];

it.each(Object.entries(pages))(
  '%s: asks for nothing, complains of nothing, and has every text in its place, narrow too',
  async (_, markupOf) => {
    const { page, complaints, requests } = await openPage(markupOf());
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      await page.reload();
      expect({ width, misplaced: await misplacedTexts(page) }).toEqual({ width, misplaced: [] });
      await page.evaluate(() => {
        for (const each of document.querySelectorAll('details')) each.open = true;
      });
      expect({ width, misplaced: await misplacedTexts(page) }).toEqual({ width, misplaced: [] });
    }
    expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
  },
);

it('findings that last at the same time stand in rows of their own', async () => {
  const document = splitBrainSample();
  const blocked = (at: number): Finding => ({
    kind: 'blocked',
    at,
    to: at + 4000,
    text: 'refused without end',
  });
  const checks = document.checks.map((check, i) =>
    i === 0 ? { ...check, findings: [3000, 3100, 3200].map(blocked) } : check,
  );
  const { page } = await openPage(renderReport({ ...document, checks }));
  await expect.poll(() => page.locator('.outage').count()).toBeGreaterThanOrEqual(3);
  expect(await misplacedTexts(page)).toEqual([]);
});

describe('what looks for misplaced texts', () => {
  it('finds what is cut off, hangs over, lies on another or makes the page scroll', async () => {
    const { page } = await openPage('<!doctype html><title>x</title><body></body>');
    const foundIn = async (body: string) => {
      await page.setContent(`<!doctype html><body>${body}`);
      return (await misplacedTexts(page)).join();
    };
    expect(
      await foundIn('<p style="width:60px;overflow:hidden;white-space:nowrap">much too long for it</p>'),
    ).toContain('cut off');
    expect(await foundIn('<p style="position:absolute;left:-30px">half of it is gone</p>')).toContain('edge');
    expect(await foundIn('<p style="width:3000px">wide</p>')).toContain('wider than the window');
    expect(await foundIn('<p>one</p><p style="margin-top:-2.2em">two</p>')).toContain('lies on');
    expect(
      await foundIn(
        '<svg width="200" height="20"><svg width="30" height="20"><rect width="100%" height="100%" fill="#eee"/><text y="14">too long</text></svg></svg>',
      ),
    ).toContain('cut off');
  });

  it('is content with boxes that scroll, with lines and with what is not shown', async () => {
    const { page } = await openPage(
      '<!doctype html><div style="width:60px;overflow:auto;white-space:nowrap">much too long for it</div><p>one<br>two</p><details><summary>a</summary>b</details><p hidden>c</p>',
    );
    expect(await misplacedTexts(page)).toEqual([]);
  });
});
